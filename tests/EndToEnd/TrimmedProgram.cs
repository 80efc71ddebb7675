using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Empire.EndToEnd.Tests;

/// <summary>What the trimmer made of the assemblies of a program.</summary>
internal static class TrimmedProgram
{
    private const byte Call = 0x28;

    /// <summary>Methods that take a monitor in more places than they leave it: a <c>lock</c> whose end the trimmer has cut off.</summary>
    public static IReadOnlyList<string> LocksWithoutEnd(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.dll").SelectMany(LocksWithoutEndIn)];

    private static List<string> LocksWithoutEndIn(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var found = new List<string>();
        if (!file.HasMetadata) return found;
        var metadata = file.GetMetadataReader();
        var (enter, exit) = (TokensOf("Enter", 2), TokensOf("Exit", 1));
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0))
        {
            var code = file.GetMethodBody(method.RelativeVirtualAddress).GetILContent().AsSpan();
            if (Calls(code, enter) > Calls(code, exit)) found.Add($"{Path.GetFileName(assembly)}: {NameOf(method.GetDeclaringType())}.{metadata.GetString(method.Name)}");
        }
        return found;

        // Monitor.Enter(object, ref bool) is what a lock begins with; other forms are written by hand, and may well end elsewhere.
        HashSet<int> TokensOf(string name, int parameters)
        {
            return
            [
                .. metadata.MemberReferences.Where(handle => metadata.GetMemberReference(handle) is var member && IsMonitor(member.Parent) && Is(member.Name, member.Signature)).Select(handle => MetadataTokens.GetToken(handle)),
                .. metadata.MethodDefinitions.Where(handle => metadata.GetMethodDefinition(handle) is var method && IsMonitor(method.GetDeclaringType()) && Is(method.Name, method.Signature)).Select(handle => MetadataTokens.GetToken(handle)),
            ];

            bool Is(StringHandle of, BlobHandle signature)
            {
                if (!metadata.StringComparer.Equals(of, name)) return false;
                var blob = metadata.GetBlobReader(signature);
                return blob.ReadSignatureHeader().Kind == SignatureKind.Method && blob.ReadCompressedInteger() == parameters;
            }
        }

        bool IsMonitor(EntityHandle type) => type.Kind switch
        {
            HandleKind.TypeReference => metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)type).Name, nameof(Monitor)),
            HandleKind.TypeDefinition => metadata.StringComparer.Equals(metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name, nameof(Monitor)),
            _ => false,
        };

        string NameOf(TypeDefinitionHandle handle)
        {
            var type = metadata.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer ? $"{NameOf(outer)}/{metadata.GetString(type.Name)}" : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
        }
    }

    private static int Calls(ReadOnlySpan<byte> code, HashSet<int> tokens)
    {
        var calls = 0;
        for (var at = 0; at + sizeof(int) < code.Length; at++)
            if (code[at] == Call && tokens.Contains(BinaryPrimitives.ReadInt32LittleEndian(code[(at + 1)..]))) calls++;
        return calls;
    }
}

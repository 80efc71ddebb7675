namespace Empire.GpuAgent.Tests;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gpu-agent-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Script(string name, string body)
    {
        var path = File(name);
        System.IO.File.WriteAllText(path + ".new", "#!/bin/sh\n" + body);
        if (!OperatingSystem.IsWindows()) System.IO.File.SetUnixFileMode(path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        System.IO.File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Collections.Frozen;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Mail;

/// <summary>The templates of Mail/Templates. <c>{{name}}</c> is a value, encoded for where it stands; <c>{{name|url}}</c> one within a link;
/// <c>{{#name}}…{{/name}}</c> a section that is there when the value is, <c>{{^name}}…{{/name}}</c> one that is there when it is not. The first line of the text file is the subject.</summary>
public sealed partial class MailTemplates
{
    private const string Layout = "layout", SubjectMark = "Subject: ";
    private readonly FrozenDictionary<string, Template> templates;
    private readonly Template layout;
    private readonly MailOptions options;

    public MailTemplates(IOptions<MailOptions> options)
    {
        this.options = options.Value;
        var files = typeof(MailTemplates).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("Templates/", StringComparison.Ordinal)).ToDictionary(name => name["Templates/".Length..], Read);
        layout = new("", files[$"{Layout}.txt"], files[$"{Layout}.html"]);
        templates = files.Keys.Where(file => file.EndsWith(".txt", StringComparison.Ordinal) && file != $"{Layout}.txt").Select(file => file[..^4])
            .ToFrozenDictionary(name => name, name => Parse(files[$"{name}.txt"], files[$"{name}.html"]));
    }

    public IEnumerable<string> Names => templates.Keys.Order(StringComparer.Ordinal);

    public bool Has(string name) => templates.ContainsKey(name);

    /// <exception cref="TemplateException">No such template, or a value that it needs is missing: nothing half-written is sent.</exception>
    public RenderedMail Render(string name, IReadOnlyDictionary<string, string> values)
    {
        if (!templates.TryGetValue(name, out var template)) throw new TemplateException($"There is no template {name}.");
        var all = new Dictionary<string, string>(values) { ["public_url"] = options.Root, ["installation"] = options.SenderName };
        var subject = Fill(name, template.Subject, all, OneLine);
        all["subject"] = subject;
        return new(subject, Lines(Around(layout.Text, template.Text, OneLine)), Lines(Around(layout.Html, template.Html, Html)));

        // Each part is filled by itself, so that no value can pass for a placeholder of another part.
        string Around(string frame, string content, Func<string, string> encode)
        {
            var parts = frame.Split("{content}");
            return string.Concat(Fill(Layout, parts[0], all, encode), Fill(name, content, all, encode), Fill(Layout, parts[1], all, encode));
        }
    }

    private static string Fill(string name, string template, Dictionary<string, string> values, Func<string, string> encode)
    {
        var present = Section().Replace(template, section => values.ContainsKey(section.Groups["name"].Value) == (section.Groups["kind"].Value == "#") ? section.Groups["body"].Value : "");
        return Placeholder().Replace(present, placeholder =>
        {
            var value = values.TryGetValue(placeholder.Groups[1].Value, out var given) ? given : throw new TemplateException($"The template {name} needs {placeholder.Groups[1].Value}.");
            return encode(placeholder.Groups[2].Success ? Uri.EscapeDataString(value) : value);
        });
    }

    /// <summary>A value never begins a line or a header of its own.</summary>
    private static string OneLine(string value) => new([.. value.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);

    private static string Html(string value) => WebUtility.HtmlEncode(OneLine(value));

    /// <summary>CR LF, as mail has it, and no more than one empty line where a section is left out.</summary>
    private static string Lines(string text) => ManyEmptyLines().Replace(text, "\n\n").ReplaceLineEndings("\r\n");

    private static Template Parse(string text, string html)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || !text.StartsWith(SubjectMark, StringComparison.Ordinal)) throw new TemplateException($"A template's text begins with a line '{SubjectMark}…'.");
        return new(text[SubjectMark.Length..end].Trim(), text[(end + 1)..].Trim(), html.Trim());
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(typeof(MailTemplates).Assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private sealed record Template(string Subject, string Text, string Html);

    [GeneratedRegex(@"\{\{(?<kind>[#^])(?<name>\w+)\}\}(?<body>.*?)\{\{/\k<name>\}\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture)] private static partial Regex Section();
    [GeneratedRegex(@"\{\{(\w+)(\|url)?\}\}")] private static partial Regex Placeholder();
    [GeneratedRegex(@"\n[ \t]*\n(?:[ \t]*\n)+")] private static partial Regex ManyEmptyLines();
}

/// <summary>A mail as it will be read.</summary>
public sealed record RenderedMail(string Subject, string Text, string Html);

public sealed class TemplateException(string message) : Exception(message);

namespace Empire.Sandbox.Mail;

/// <summary>Lines of a connection, ended by CR LF and by nothing else: a server that also took a bare LF would see other message ends than the next one.</summary>
sealed class LineReader(Stream stream)
{
    readonly byte[] buffer = new byte[16 * 1024];
    int start, end;

    /// <summary>What was sent in clear before TLS began must not count as sent within it.</summary>
    public void Discard() => start = end = 0;

    /// <returns>The line without its end; null when the other side is gone.</returns>
    /// <exception cref="LineTooLongException">The buffer is full and no line ends in it.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken ct)
    {
        var searched = 0;
        while (true)
        {
            if (buffer.AsSpan(start + searched, end - start - searched).IndexOf("\r\n"u8) is >= 0 and var found)
            {
                var line = buffer.AsMemory(start, searched + found);
                start += searched + found + 2;
                return line;
            }
            searched = Math.Max(0, end - start - 1); // the CR may be there already
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            if (end == buffer.Length) throw new LineTooLongException();
            var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
            if (read == 0) return null;
            end += read;
        }
    }
}

sealed class LineTooLongException : Exception;

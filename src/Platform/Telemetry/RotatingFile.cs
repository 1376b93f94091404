namespace Rosa.Platform.Telemetry;

/// <summary>A log file that makes room for itself: <c>rosa.log</c> becomes <c>rosa.log.1</c>, that <c>rosa.log.2</c>, and the oldest goes.</summary>
sealed class RotatingFile(string path, long largest = 64 * 1024 * 1024, int kept = 3)
{
    FileStream? file;

    public void Write(ReadOnlySpan<byte> lines)
    {
        file ??= Open();
        if (file.Position > 0 && file.Position + lines.Length > largest) Rotate();
        file.Write(lines);
        file.Flush();
    }

    FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        return new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    void Rotate()
    {
        file!.Dispose();
        file = null;
        for (var age = kept - 1; age >= 1; age--)
        {
            var younger = age == 1 ? path : $"{path}.{age - 1}";
            if (File.Exists(younger)) File.Move(younger, $"{path}.{age}", overwrite: true);
        }
        file = Open();
    }
}

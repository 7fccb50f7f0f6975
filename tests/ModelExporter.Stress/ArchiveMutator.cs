using System.IO.Compression;

namespace EdgeInference.Tool.Stress;

/// <summary>Damages what is inside a zip archive, each entry as its kind asks for; the archive itself is whole, most of the time.</summary>
internal static class ArchiveMutator
{
    internal static byte[] Mutate(byte[] file, Random random)
    {
        if (random.Next(8) == 0)
        {
            return ByteMutator.Mutate(file, random);
        }

        (string Name, byte[] Content)[] entries;
        try
        {
            entries = Entries(file);
        }
        catch (InvalidDataException)
        {
            // Damaged before, and in a place where the importer does not look.
            return ByteMutator.Mutate(file, random);
        }

        int damaged = random.Next(entries.Length);
        (string name, byte[] content) = entries[damaged];
        entries[damaged].Content = name.EndsWith(".json", StringComparison.Ordinal) ? JsonMutator.Mutate(content, random) : ByteMutator.Mutate(content, random);
        if (random.Next(16) == 0)
        {
            entries[damaged].Name = entries[random.Next(entries.Length)].Name;
        }

        return Write(entries);
    }

    internal static (string Name, byte[] Content)[] Entries(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        return [.. archive.Entries.Select(entry =>
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return (entry.FullName, content.ToArray());
        })];
    }

    internal static byte[] Write(IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                // An archive may hold a part without a name, but not be made with one.
                using Stream stream = archive.CreateEntry(name.Length == 0 ? "_" : name, CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }
}

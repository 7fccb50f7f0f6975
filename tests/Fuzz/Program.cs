using System.Buffers.Binary;
using System.Security.Cryptography;
using Fuzz;
using SharpFuzz;

// TARGET is edge (the reader), session (the reader, and the engine between guard pages), or the ending of a file that the tool reads.
switch (args)
{
    case ["corpus", string folder]:
        EdgeTarget.WriteCorpus(folder);
        return 0;
    case ["lift", string old, string lifted]:
        File.WriteAllBytes(lifted, FormatLifter.Lift(File.ReadAllBytes(old)));
        return 0;
    case ["lift-corpus", string from, string into]:
        foreach (string path in Directory.GetFiles(from))
        {
            // The corpus' readers mend length and checksum, so it is lifted as they see it.
            byte[] seen = File.ReadAllBytes(path);
            if (seen.Length >= 24)
            {
                BinaryPrimitives.WriteInt32LittleEndian(seen.AsSpan(8), seen.Length);
            }

            File.WriteAllBytes(Path.Combine(into, Path.GetFileName(path)), LayoutLifter.Lift(seen));
        }

        return 0;
    case ["replay", string target, string companions, .. string[] files]:
        Func<byte[], string?> replay = Find(target, companions);
        foreach (string file in files)
        {
            Console.WriteLine($"{Path.GetFileName(file)}: {Corpus.Kind(replay(File.ReadAllBytes(file)))}");
        }

        return 0;
    case ["keep", string target, string companions, string accepted, string bytes, string to, .. string[] folders]:
        Keep(Find(target, companions), int.Parse(accepted), long.Parse(bytes), to, folders);
        return 0;
    case ["run", string target, string companions]:
        Func<byte[], string?> run = Find(target, companions);
        Fuzzer.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            _ = run(copy.ToArray());
        });
        return 0;
    default:
        Console.Error.WriteLine("corpus FOLDER | lift OLD NEW | lift-corpus FROM TO | run TARGET COMPANIONS | replay TARGET COMPANIONS FILES... | keep TARGET COMPANIONS ACCEPTED BYTES TO FOLDERS...");
        return 2;
}

static Func<byte[], string?> Find(string target, string companions) => target switch
{
    "edge" => EdgeTarget.Read,
    "session" => EdgeTarget.Run,
    _ => ImporterTargets.Find(target, companions),
};

// The smallest files of each kind of outcome, while the bytes last: one for each sentence, as many of the accepted ones as asked
// for. A name is the hash of the content, so that the same file is kept once.
static void Keep(Func<byte[], string?> read, int accepted, long bytes, string to, string[] folders)
{
    Directory.CreateDirectory(to);
    var kinds = new Dictionary<string, int>();
    foreach (FileInfo file in folders.SelectMany(folder => new DirectoryInfo(folder).GetFiles()).OrderBy(file => file.Length))
    {
        byte[] content = File.ReadAllBytes(file.FullName);
        string kind = Corpus.Kind(read((byte[])content.Clone()));
        int before = kinds.GetValueOrDefault(kind);
        if (before < (kind == Corpus.Accepted ? accepted : 1) && content.Length <= bytes)
        {
            bytes -= content.Length;
            kinds[kind] = before + 1;
            File.WriteAllBytes(Path.Combine(to, Convert.ToHexStringLower(SHA256.HashData(content))[..12]), content);
        }
    }

    Console.WriteLine($"{kinds.Count} kinds, {kinds.Values.Sum()} files");
}

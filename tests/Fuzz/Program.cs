using System.Buffers.Binary;
using EdgeRuntime.Stress;
using ModelFormat;
using ModelFormat.Writing;
using SharpFuzz;

switch (args)
{
    case ["corpus", string folder]:
        WriteCorpus(folder);
        return 0;
    case ["replay", .. string[] files]:
        foreach (string file in files)
        {
            ReadOne(File.ReadAllBytes(file));
        }

        return 0;
    default:
        Fuzzer.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            ReadOne(copy.ToArray());
        });
        return 0;
}

// The checksum is mended first: guessing it would be all that the fuzzer does.
static void ReadOne(byte[] file)
{
    if (file.Length >= FormatLayout.HeaderBytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FormatLayout.LengthOffset), file.Length);
        ModelBuilder.WriteCrc(file);
    }

    if (MutationRun.Read(file) is { } model)
    {
        // Metadata is parsed when it is asked for.
        foreach (MetadataKey key in Enum.GetValues<MetadataKey>())
        {
            _ = model.Metadata.Text(key).Length + model.Metadata.TextList(key).Length + model.Metadata.Floats(key).Length;
        }
    }
}

static void WriteCorpus(string folder)
{
    Directory.CreateDirectory(folder);
    var programs = new RandomPrograms(1);
    for (int i = 0, written = 0; written < 60; i++)
    {
        byte[] file = programs.Next();
        if (file.Length <= 3000)
        {
            File.WriteAllBytes(Path.Combine(folder, $"program{i}.edge"), file);
            written++;
        }
    }
}

using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>What a file says of where it comes from: source, hash, options and rows, without a path or a time.</summary>
public sealed class ProvenanceTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void Options_that_change_the_model_are_recorded_in_their_order_and_paths_by_their_names()
    {
        byte[] file = bench.TrainWith("--units", "m/s,, a b,g", "--seed", "3", "--data", bench.Test, "--threshold", "auto", "--history", bench.New(".csv"), "--onnx", bench.New(".onnx"));
        Assert.Equal("--data test.csv --epochs 8 --hidden 6,5 --label y --seed 3 --threshold auto --units \"m/s,, a b,g\"", Text(file, MetadataKey.Options));
        Assert.Equal("train.csv", Text(file, MetadataKey.Source));
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(bench.Train)), Bytes(file, MetadataKey.SourceHash));
        Assert.StartsWith("edge ", Text(file, MetadataKey.Producer), StringComparison.Ordinal);
        Assert.DoesNotContain('+', Text(file, MetadataKey.Producer));

        // What has its default because it was left out is not an option that was given.
        string path = bench.New();
        OptionBench.Done("export", bench.Net, "-o", path, "--json");
        Assert.Equal("", Text(File.ReadAllBytes(path), MetadataKey.Options));
        Assert.Equal("net.onnx", Text(File.ReadAllBytes(path), MetadataKey.Source));
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(bench.Net)), Bytes(File.ReadAllBytes(path), MetadataKey.SourceHash));
        Assert.Empty(Bytes(File.ReadAllBytes(path), MetadataKey.TrainingRows));
    }

    [Fact]
    public void The_same_command_in_another_folder_gives_the_same_bytes()
    {
        string other = Directory.CreateDirectory(bench.InFolder("elsewhere")).FullName;
        File.Copy(bench.Train, Path.Combine(other, "train.csv"));
        string[] paths = [Path.Combine(bench.InFolder("m.edge")), Path.Combine(other, "m.edge")];
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", paths[0], "--epochs", "2", "-q");
        OptionBench.Done("train", Path.Combine(other, "train.csv"), "--label", "y", "-o", paths[1], "--epochs", "2", "-q");
        Assert.Equal(File.ReadAllBytes(paths[0]), File.ReadAllBytes(paths[1]));
    }

    // docs/model-format.md: each name and a zero byte, then each row's float32 values and its class.
    [Fact]
    public void Training_rows_are_known_by_their_names_values_and_classes()
    {
        (float[][] rows, int[] labels) = OptionBench.Read(bench.Train);
        byte[] expected = SHA256.HashData([.. "a\0b\0c\0d\0"u8, .. rows.Zip(labels).SelectMany(pair => pair.First.SelectMany(BitConverter.GetBytes).Concat(BitConverter.GetBytes(pair.Second)))]);
        Assert.Equal(expected, Bytes(bench.TrainWith(), MetadataKey.TrainingRows));
        Assert.Equal(expected, Bytes(bench.TrainWith("--seed", "9", "--precision", "int8"), MetadataKey.TrainingRows));

        // Rows that are only tuned on are not among them.
        Assert.Equal(expected, Bytes(bench.TrainWith("--threshold", "auto", "--data", bench.Test), MetadataKey.TrainingRows));
    }

    private static string Text(byte[] file, MetadataKey key) => OptionBench.Contract(file).Metadata.Text(key);

    private static byte[] Bytes(byte[] file, MetadataKey key)
    {
        ModelMetadata metadata = OptionBench.Contract(file).Metadata;
        return metadata.PayloadOffset(key) < 0 ? [] : file.AsSpan(metadata.PayloadOffset(key), metadata.PayloadLength(key)).ToArray();
    }
}

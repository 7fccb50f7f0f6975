using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;

namespace EdgeInference.Tool.Tests.Import.Onnx;

public class HostileOnnxTests
{
    public static TheoryData<string> Models => ["breast_cancer_mlp.onnx", "digits_mlp.onnx", "digits_cnn.onnx"];

    [Fact]
    public void What_is_no_model_is_called_so()
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0x00];
        Assert.Contains("'photo.jpg' is not an ONNX model", Message(jpeg, "photo.jpg"), StringComparison.Ordinal);
        Assert.Contains("'empty.onnx' is empty", Message([], "empty.onnx"), StringComparison.Ordinal);
        byte[] half = File.ReadAllBytes(TestData.Data("digits_mlp.onnx"));
        Assert.Contains("'half.onnx' is a damaged ONNX model", Message(half[..(half.Length / 2)], "half.onnx"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_truncation_is_refused_or_harmless(string name)
    {
        byte[] bytes = File.ReadAllBytes(TestData.Data(name));
        for (int length = 0; length < bytes.Length; length += 1 + (bytes.Length / 400))
        {
            Survive(bytes[..length]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Damaged_bytes_are_refused_or_harmless(string name)
    {
        byte[] bytes = File.ReadAllBytes(TestData.Data(name));
        var random = new Random(7);
        for (int run = 0; run < 400; run++)
        {
            byte[] damaged = [.. bytes];
            for (int i = 0; i < 4; i++)
            {
                // Names, types and shapes are at both ends of the file, weights in between.
                int position = random.Next(2) == 0 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(Math.Min(2000, bytes.Length));
                damaged[position] = (byte)random.Next(256);
            }

            Survive(damaged);
        }
    }

    [Fact]
    public void All_unsupported_operators_are_named_at_once_with_their_nodes()
    {
        byte[] bytes = File.ReadAllBytes(TestData.Data("digits_mlp.onnx"));
        byte[] changed = Rename(Rename(bytes, "LeakyRelu", "LeakyRelX"), "Softmax", "SoftmaX");
        string message = Message(changed, "m.onnx");
        Assert.Contains("LeakyRelX", message, StringComparison.Ordinal);
        Assert.Contains("SoftmaX", message, StringComparison.Ordinal);
        Assert.Contains("node", message, StringComparison.Ordinal);
    }

    private static byte[] Rename(byte[] bytes, string from, string to)
    {
        byte[] result = [.. bytes];
        byte[] pattern = System.Text.Encoding.ASCII.GetBytes(from);
        byte[] replacement = System.Text.Encoding.ASCII.GetBytes(to);
        for (int i = 0; i <= result.Length - pattern.Length; i++)
        {
            // Field 4 of a node is its operator; its name, which holds the same text, stays.
            if (result.AsSpan(i, pattern.Length).SequenceEqual(pattern) && i >= 2 && result[i - 2] == 0x22 && result[i - 1] == pattern.Length)
            {
                replacement.CopyTo(result, i);
            }
        }

        return result;
    }

    private static string Message(byte[] bytes, string name) => Assert.Throws<InputException>(() => OnnxImporter.Import(bytes, name)).Message;

    private static void Survive(byte[] bytes)
    {
        try
        {
            GraphOptimizer.Optimize(OnnxImporter.Import(bytes, "damaged.onnx"));
        }
        catch (InputException exception)
        {
            Assert.Contains("damaged.onnx", exception.Message, StringComparison.Ordinal);
        }
    }
}

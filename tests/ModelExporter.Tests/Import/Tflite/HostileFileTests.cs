using EdgeInference.ModelConverter.Import.Tflite;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Import.Tflite;

public class HostileFileTests
{
    private static readonly string[] Models =
    [
        "conv_same_int8", "fully_connected_relu6_int8", "variables_offset_int8", "strided_slice_int8", "prelu_5_int8", "mean_image_int8", "add_channel_none_int8",
    ];

    public static TheoryData<string> Names => [.. Models];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_refused_in_one_sentence_or_read(string name)
    {
        byte[] model = OperatorCases.All.Single(one => one.Name == name).Model;
        var seeds = new SeededInputs(3);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. model];
            for (int change = 0; change <= i % 4; change++)
            {
                damaged[seeds.Next() % (ulong)damaged.Length] = (byte)seeds.Next();
            }

            refused += IsRefused(damaged) ? 1 : 0;
        }

        Assert.InRange(refused, 1, 400);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        byte[] model = OperatorCases.All.Single(one => one.Name == "conv_same_int8").Model;
        for (int length = 0; length < model.Length - 64; length += 7)
        {
            Assert.True(IsRefused(model[..length]), $"{length} of {model.Length} bytes");
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        InputException exception = Assert.Throws<InputException>(() => TfliteImporter.Import("no-such.tflite"));
        Assert.Contains("no-such.tflite", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_unsupported_operators_are_named_at_once()
    {
        var model = new TfliteModelBuilder();
        int input = model.Input(TfliteType.Float32, [1, 4]);
        int middle = model.Tensor(TfliteType.Float32, [1, 4]);
        model.Operator(TfliteOperatorCode.CUMSUM, [input], [middle]);
        model.Operator(TfliteOperatorCode.RFFT2D, [middle], [model.Output(TfliteType.Float32, [1, 4])]);
        InputException exception = Assert.Throws<InputException>(() => TfliteImporter.Import(model.Build(), "m.tflite"));
        Assert.Contains("operator 0 (CUMSUM)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("operator 1 (RFFT2D)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_known_operator_cannot_do_is_said()
    {
        var model = new TfliteModelBuilder();
        int[] inputs =
        [
            model.Input(TfliteType.Int8, [1, 3], 0.1f), model.Constant([2, 3], new sbyte[6], [0.1f]),
            model.Constant(TfliteType.Int16, [2, 4], new byte[16], [0.1f]), -1, model.Variable(TfliteType.Int16, [1, 8], 0.1f),
        ];
        model.Operator(TfliteOperatorCode.SVDF, inputs, [model.Output(TfliteType.Int8, [1, 2], 0.1f)], 6, (0, 1), (1, (byte)1));
        int frames = model.Input(TfliteType.Float32, [1, 2, 3]);
        int[] lstm = [.. Enumerable.Repeat(-1, 24)];
        (lstm[0], lstm[9]) = (frames, model.Constant([3], new float[3]));
        model.Operator(TfliteOperatorCode.UNIDIRECTIONAL_SEQUENCE_LSTM, lstm, [model.Output(TfliteType.Float32, [1, 2, 3])], 71, (0, (byte)FusedActivation.Tanh));
        InputException exception = Assert.Throws<InputException>(() => TfliteImporter.Import(model.Build(), "m.tflite"));
        Assert.Contains("operator 0 (SVDF) works on Int8 with Int16 weights over time and a state of Int16", exception.Message, StringComparison.Ordinal);
        Assert.Contains("operator 1 (UNIDIRECTIONAL_SEQUENCE_LSTM) has peepholes, a projection or layer normalisation", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_lists_exactly_the_operators_that_are_imported()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "TestData", "tflite", "tflite.md");
        string[] listed = [.. File.ReadLines(path).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Order(StringComparer.Ordinal)];
        Assert.Equal(TfliteOperators.All.Keys.Select(code => code.ToString()).Order(StringComparer.Ordinal), listed);
    }

    // Any other exception fails the test.
    private static bool IsRefused(byte[] bytes)
    {
        try
        {
            ModelWriter.Write(TfliteImporter.Import(bytes, "damaged.tflite"));
            return false;
        }
        catch (Exception exception) when (exception is InputException or ModelFormatException)
        {
            return true;
        }
    }
}

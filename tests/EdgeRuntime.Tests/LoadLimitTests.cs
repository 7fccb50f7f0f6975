extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Rules;
using Fuzz;
using NanoModel = nano::EdgeInference.Nano.NanoModel;

namespace EdgeInference.Runtime.Tests;

/// <summary>What a small file may ask for. The files of TestData are those of shared/cases/safety, of format version 1.</summary>
public class LoadLimitTests
{
    private const TensorType F32 = TensorType.Float32;

    /// <summary>An operator and the steps that it counts as.</summary>
    public static TheoryData<string, long> Counts => new()
    {
        { "Activation", 6 + 6 },
        { "Dense", 8 * 3 },
        { "Conv", 27 * 8 },
        { "ConvTranspose", 27 + (4 * 24) },
        { "MatMul", 8 * 3 },
        { "MaxPool", 9 * 2 * 3 },
        { "MaxPool of windows larger than x", 9 * 4 * 5 },
        { "AveragePool", 9 * 2 * 3 },
        { "GRU", 5 * 2 * (36 + 48) },
        { "LRN", 10 * 3 },
        { "LRN of more channels than x has", 10 * 5 },
        { "PairwiseCoupling", 2 * 3 * 3 * 100 },
        { "TreeEnsemble", 4 + (4 * (4 + 4 + 2)) },
        { "two operators", 12 + 12 },
    };

    [Fact]
    public void A_pool_of_1e14_steps_is_refused_by_every_engine()
    {
        byte[] file = Lifted("slow-pool");
        Assert.Contains("one inference takes more than 17179869184 steps", Assert.Throws<ModelFormatException>(() => ModelFile.Read(new ModelBytes(file))).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => EdgeModel.Load(file));
        var small = Assert.Throws<nano::EdgeInference.ModelFormat.ModelFormatException>(() => NanoModel.Load(file));
        Assert.Contains("more than 100000000 steps", small.Message, StringComparison.Ordinal);
        using EdgeModel allowed = EdgeModel.Load(file, new ModelLoadOptions(maxSteps: long.MaxValue));
        Assert.Equal(1, allowed.File.OperatorCount);
        Assert.NotNull(NanoModel.Load(file, long.MaxValue));
    }

    [Fact]
    public void One_tensor_named_2048_times_is_refused()
    {
        byte[] file = Lifted("interface-sum");
        var fault = Assert.Throws<ModelFormatException>(() => EdgeModel.Load(file));
        Assert.Equal("contract", fault.Section);
        Assert.Contains("more than 268435456 values together", fault.Message, StringComparison.Ordinal);
        Assert.Throws<nano::EdgeInference.ModelFormat.ModelFormatException>(() => NanoModel.Load(file));
    }

    [Theory]
    [MemberData(nameof(Counts))]
    public void Each_operator_is_loaded_with_as_many_steps_and_refused_with_one_less(string name, long steps)
    {
        byte[] file = Model(name).Build();
        Assert.NotNull(ModelFile.Read(new ModelBytes(file), steps));
        var fault = Assert.Throws<ModelFormatException>(() => ModelFile.Read(new ModelBytes(file), steps - 1));
        Assert.Equal("operators", fault.Section);
        Assert.Contains($"more than {steps - 1} steps", fault.Message, StringComparison.Ordinal);
        EdgeModel.Load(file, new ModelLoadOptions(steps)).Dispose();
        Assert.Throws<ModelFormatException>(() => EdgeModel.Load(file, new ModelLoadOptions(steps - 1)));
        Assert.NotNull(NanoModel.Load(file, steps));
        Assert.Throws<nano::EdgeInference.ModelFormat.ModelFormatException>(() => NanoModel.Load(file, steps - 1));
    }

    // A leaf and its weights are 2²⁰ steps, read by 2²⁰ trees, of 2²⁴ rows: 2⁶⁴ steps, which a long does not hold.
    [Fact]
    public void Steps_that_pass_a_long_are_refused()
    {
        const int Many = 1 << 20;
        const int Rows = 1 << 24;
        var model = new RawModel();
        int x = model.Arena(F32, [Rows, 1]);
        int y = model.Arena(F32, [Rows, 1]);
        model.Input(x);
        model.Output(y);
        int[] trees = [x, model.Ints([1, 4], -1, 0, 0, Many - 1), model.Floats([1], 0f), model.Ints([Many], new int[Many]), model.Ints([Many], new int[Many]), model.Floats([Many], new float[Many])];
        model.Op(Opcode.TreeEnsemble, trees, [y], 0);
        byte[] file = model.Build();
        Assert.Contains("steps", Assert.Throws<ModelFormatException>(() => ModelFile.Read(new ModelBytes(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scratch_of_all_kernels_together_has_a_limit()
    {
        // Two kernels of 1 MB each.
        using EdgeModel small = EdgeModel.Load(Padded(1000), new ModelLoadOptions(maxScratchBytes: 1_100_000));
        var fault = Assert.Throws<ModelFormatException>(() => small.CreateSession());
        Assert.Equal(("operators", small.File.Operators[1].Offset), (fault.Section, fault.Offset));
        Assert.Contains("a session takes more than 1100000; raise MaxScratchBytes to load it", fault.Message, StringComparison.Ordinal);
        using EdgeModel enough = EdgeModel.Load(Padded(1000), new ModelLoadOptions(maxScratchBytes: 2_200_000));
        using Session session = enough.CreateSession();
        float[] output = new float[1];
        session.Run([5f], output);
        Assert.Equal(0f, output[0]);
    }

    [Fact]
    public void A_limit_that_allows_nothing_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelLoadOptions(maxSteps: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelLoadOptions(maxScratchBytes: -1));
    }

    // Two convolutions of one place each, far up and left of x, so that it sees padding only.
    private static byte[] Padded(int pad)
    {
        var model = new RawModel();
        int x = model.Arena(TensorType.Int8, [1, 1, 1, 1], 1f);
        int middle = model.Arena(TensorType.Int8, [1, 1, 1, 1], 1f);
        int y = model.Arena(TensorType.Int8, [1, 1, 1, 1], 1f);
        model.Input(x);
        model.Output(y);
        int weights = model.Bytes([1, 1, 1, 1], 1);
        int multiplier = model.Ints([1], 1 << 30);
        int shift = model.Shifts(1);
        int[] parameters = [0, 0, 0, -128, 127, 0, 1, 1, 1, 1, pad, pad, 1];
        model.Op(Opcode.Conv, [x, weights, -1, multiplier, shift], [middle], parameters);
        model.Op(Opcode.Conv, [middle, weights, -1, multiplier, shift], [y], parameters);
        return model.Build();
    }

    private static RawModel Model(string name)
    {
        int[] dense = [0, 0, 0, 0, 0, 0];
        int[] window = [.. dense, 1, 1, 1, 1, 0, 0, 1];
        switch (name.Split(' ')[0])
        {
            case "Activation":
                return One(Opcode.Activation, [2, 3], [2, 3], [0, 0, 0]);
            case "Dense":
                return One(Opcode.Dense, [2, 3], [2, 4], dense, model => [model.Floats([4, 3], new float[12])]);
            case "Conv":
                return One(Opcode.Conv, [1, 4, 4, 2], [1, 3, 3, 3], window, model => [model.Floats([3, 2, 2, 2], new float[24])]);
            case "ConvTranspose":
                return One(Opcode.ConvTranspose, [1, 2, 2, 2], [1, 3, 3, 3], window, model => [model.Floats([3, 2, 2, 2], new float[24])]);
            case "MatMul":
                return One(Opcode.MatMul, [2, 3], [2, 4], [], model => [model.Floats([3, 4], new float[12])]);
            case "MaxPool":
                int large = name == "MaxPool" ? 0 : 100;
                return One(Opcode.MaxPool, [1, 4, 5, 1], [1, 3, 3, 1], [2 + large, 3 + large, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
            case "AveragePool":
                return One(Opcode.AveragePool, [1, 4, 5, 1], [1, 3, 3, 1], [2, 3, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
            case "GRU":
                RawModel gru = One(Opcode.GRU, [5, 2, 3], [5, 2, 4], [], model => [model.Floats([12, 3], new float[36]), model.Floats([12, 4], new float[48])]);
                gru.Operators.Clear();
                gru.Op(Opcode.GRU, [0, 2, 3], [1, gru.Arena(F32, [2, 4])], new int[12]);
                return gru;
            case "LRN":
                return One(Opcode.LRN, [2, 5], [2, 5], [name == "LRN" ? 3 : 1000, 0, 0, 0]);
            case "PairwiseCoupling":
                return One(Opcode.PairwiseCoupling, [2, 3], [2, 3], []);
            case "TreeEnsemble":
                // The root, a node and a leaf of one weight are the longest walk of the first two trees; the third is that leaf.
                return One(Opcode.TreeEnsemble, [4, 1], [4, 1], [0], model =>
                [
                    model.Ints([4, 4], 0, 0, 1, 2, 0, 0, 2, 3, -1, 0, 0, 0, -1, 0, 0, 1), model.Floats([4], new float[4]), model.Ints([3], 0, 0, 3), model.Ints([1], 0), model.Floats([1], 1f),
                ]);
            default:
                RawModel two = One(Opcode.Activation, [2, 3], [2, 3], [0, 0, 0]);
                two.Op(Opcode.Activation, [1], [two.Arena(F32, [2, 3])], 0, 0, 0);
                return two;
        }
    }

    private static RawModel One(Opcode opcode, int[] shape, int[] output, int[] parameters, Func<RawModel, int[]>? more = null)
    {
        var model = new RawModel();
        int x = model.Arena(F32, shape);
        int y = model.Arena(F32, output);
        model.Input(x);
        model.Output(y);
        model.Op(opcode, [x, .. more?.Invoke(model) ?? []], [y], parameters);
        return model;
    }

    private static byte[] Lifted(string name) => FormatLifter.Lift(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", name + ".v1.edge")));
}

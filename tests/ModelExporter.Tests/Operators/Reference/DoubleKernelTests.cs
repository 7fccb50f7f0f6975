using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Tool.Tests.Operators.Reference;

/// <summary>The operators in double precision on small numbers, worked out by hand.</summary>
public class DoubleKernelTests
{
    private static readonly Window one = new(1, 1, 1, 0, 0, 1);

    [Fact]
    public void Layers()
    {
        Check([1, 2, 3, 4], [2, 2], (b, x) => b.Dense(x, C([1, 10, -1, 1, 0, 2], 3, 2), C([0.5f, 0, -1], 3)), [21.5, 1, 3, 43.5, 1, 7]);
        Check([1, 2, 3, 4], [2, 2], (b, x) => b.Dense(x, C([1, 1, -1, -1], 2, 2), null, node => node.WithActivation(DenseRule.Activation, ActivationKind.LeakyReLU, 0.5f)), [3, -1.5, 7, -3.5]);
        Check([1, 2, 3, 4], [2, 2], (b, x) => b.MatMul(x, C([5, 6, 7, 8], 2, 2)), [19, 22, 43, 50]);
        Check([1, 2, 3, 4, 5, 6], [3, 1, 2], (b, x) => b.MatMul(x, C([1, 0, 0, 1, 2, 0, 0, 2, 3, 0, 0, 3], 3, 2, 2)), [1, 2, 6, 8, 15, 18]);
        Check([1, 2], [1, 2], (b, x) => b.MatMul(x, C([1, 2, 3, 4, 5, 6, 7, 8], 2, 2, 2)), [7, 10, 19, 22]);
    }

    [Fact]
    public void Convolutions()
    {
        // 3 × 3, one channel, windows of 2 × 2 from one pad before on.
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var padded = new Window(2, 1, 1, 1, 0, 3);
        Check(image, [1, 3, 3, 1], (b, x) => b.Conv(x, C([1, 10, 100, 1000], 1, 2, 2, 1), C([0.5f], 1), padded, padded, 1), [1000.5, 2100.5, 3200.5, 4010.5, 5421.5, 6532.5, 7040.5, 8754.5, 9865.5]);

        // A stride of 2 down, a dilation of 2 across.
        Check(image, [1, 3, 3, 1], (b, x) => b.Conv(x, C([1, 10], 1, 1, 2, 1), null, new Window(1, 2, 1, 0, 0, 2), new Window(2, 1, 2, 0, 0, 1), 1), [31, 97]);

        // Two groups of two channels to two units each, one pixel.
        Check([1, 2, 3, 4], [1, 1, 1, 4], (b, x) => b.Conv(x, C([1, 1, 1, -1, 2, 0, 0, 2], 4, 1, 1, 2), null, one, one, 2), [3, -1, 6, 8]);

        // Transposed: two pixels, windows of 3 across with a stride of 2, one cut off at the left.
        Check([1, 10], [1, 1, 2, 1], (b, x) => b.ConvTranspose(x, C([1, 2, 3], 1, 1, 3, 1), C([0.5f], 1), one, new Window(3, 2, 1, 1, 0, 4), 1), [2.5, 13.5, 20.5, 30.5]);
    }

    [Fact]
    public void Poolings()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, -9];
        var padded = new Window(2, 2, 1, 1, 0, 2);
        Check(image, [1, 3, 3, 1], (b, x) => b.Pool(Opcode.MaxPool, x, padded, padded), [1, 3, 7, 8]);
        Check(image, [1, 3, 3, 1], (b, x) => b.Pool(Opcode.AveragePool, x, padded, padded), [1, 2.5, 5.5, 2.5]);
        Check(image, [1, 3, 3, 1], (b, x) => b.Pool(Opcode.AveragePool, x, padded, padded, countIncludePad: true), [0.25, 1.25, 2.75, 2.5]);

        // A window that reaches past the pads at the end does not count what lies beyond them.
        var beyond = new Window(2, 2, 1, 0, 0, 2);
        Check(image, [1, 3, 3, 1], (b, x) => b.Pool(Opcode.AveragePool, x, beyond, beyond, countIncludePad: true), [3, 4.5, 7.5, -9]);
        Check(image, [1, 3, 3, 1], (b, x) => b.Pool(Opcode.AveragePool, x, beyond with { PadEnd = 1 }, beyond with { PadEnd = 1 }, countIncludePad: true), [3, 2.25, 3.75, -2.25]);
        Check(image, [1, 3, 3, 1], (b, x) => b.Pool(Opcode.MaxPool, x, new Window(2, 1, 2, 0, 0, 1), new Window(2, 1, 2, 0, 0, 1)), [7]);
    }

    [Fact]
    public void Normalisations()
    {
        double e = Math.E;
        Check([0, 1, 1, 0], [2, 2], (b, x) => b.Softmax(x), [1 / (1 + e), e / (1 + e), e / (1 + e), 1 / (1 + e)]);
        Check([0, 2], [1, 2], (b, x) => b.Softmax(x, 0.5f), [1 / (1 + e), e / (1 + e)]);
        Check([1000, 1001], [1, 2], (b, x) => b.LogSoftmax(x), [-Math.Log(1 + e), 1 - Math.Log(1 + e)]);

        // Mean 2, variance 1: (x − 2) / √(1 + 3), times 4, plus 1.
        Check([1, 3, 3, 1], [2, 2], (b, x) => b.LayerNormalization(x, 1, 3f, C([4, 4], 2), C([1, 1], 2)), [-1, 3, 3, -1]);
        Check([1, 3, 3, 1], [2, 2], (b, x) => b.LayerNormalization(x, 2, 3f), [-0.5, 0.5, 0.5, -0.5]);

        // Without the mean: x / √(mean of x² + 4) = x / 3.
        Check([1, 3, 3, 1], [2, 2], (b, x) => b.LayerNormalization(x, 1, 4f, center: false), [1 / 3.0, 1, 1, 1 / 3.0]);

        // One before and one after, 3 in all: 1 + 3/3 · Σ x².
        Check([1, 2, 3], [1, 3], (b, x) => b.LRN(x, 3, 3f, 1f, 1f), [1 / 6.0, 2 / 15.0, 3 / 14.0]);
        Check([1, 2, 3], [1, 3], (b, x) => b.LRN(x, 2, 2f, 0.5f, 1f), [1 / Math.Sqrt(6), 2 / Math.Sqrt(14), 3 / Math.Sqrt(10)]);
    }

    [Fact]
    public void Moves()
    {
        float[] six = [1, 2, 3, 4, 5, 6];
        Check(six, [2, 3], (b, x) => b.Transpose(x, 1, 0), [1, 4, 2, 5, 3, 6]);
        Check(six, [2, 3], (b, x) => b.Slice(x, [1, 2], [1, -1], [1, 3]), [6, 5, 4]);
        Check(six, [2, 3], (b, x) => b.Concat(1, x, C([7, 8], 2, 1)), [1, 2, 3, 7, 4, 5, 6, 8]);
        Check(six, [2, 3], (b, x) => b.Concat(0, C([7, 8, 9], 1, 3), x), [7, 8, 9, 1, 2, 3, 4, 5, 6]);
        Check([1, 2], [2, 1], (b, x) => b.Expand(x, 2, 2, 3), [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2]);
        Check([1, 2, 3], [1, 3], (b, x) => b.Pad(x, [0, 1], [1, 2], PadMode.Constant, 9f), [9, 1, 2, 3, 9, 9, 9, 9, 9, 9, 9, 9]);
        Check([1, 2, 3], [1, 3], (b, x) => b.Pad(x, [0, 2], [0, 2], PadMode.Edge), [1, 1, 1, 2, 3, 3, 3]);
        Check([1, 2, 3], [1, 3], (b, x) => b.Pad(x, [0, 2], [0, 2], PadMode.Reflect), [3, 2, 1, 2, 3, 2, 1]);
        Check([1, 2, 3], [1, 3], (b, x) => b.Pad(x, [0, 4], [0, 4], PadMode.Wrap), [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1]);
        Check(six, [2, 3], (b, x) => b.Gather(x, C([2, 0, -1], 3), 1), [3, 1, 3, 6, 4, 6]);
        Check(six, [2, 3], (b, x) => b.Gather(x, C([1], 1), 0), [4, 5, 6]);

        // Indices that are computed are held within the axis; a missing one is 0.
        Check([0, 2.9f, -1, 7, -9, float.NaN], [6], (b, x) => b.Gather(C([10, 20, 30], 3), x, 0), [10, 30, 30, 30, 10, 10]);
    }

    [Fact]
    public void Reductions()
    {
        float[] six = [1, -2, 3, 4, 5, -6];
        Reduced(ReduceKind.Sum, [2, 3], [5, 3, -3]);
        Reduced(ReduceKind.Mean, [2, 3], [2.5, 1.5, -1.5]);
        Reduced(ReduceKind.Max, [2, 3], [4, 5, 3]);
        Reduced(ReduceKind.Min, [2, 3], [1, -2, -6]);
        Reduced(ReduceKind.Prod, [2, 3], [4, -10, -18]);
        Reduced(ReduceKind.L1, [2, 3], [5, 7, 9]);
        Reduced(ReduceKind.L2, [2, 3], [Math.Sqrt(17), Math.Sqrt(29), Math.Sqrt(45)]);
        Reduced(ReduceKind.SumSquare, [2, 3], [17, 29, 45]);
        Check([1, 2, 3, 4], [2, 2], (b, x) => b.Reduce(ReduceKind.LogSum, x, [1], false), [Math.Log(3), Math.Log(7)]);
        Check([1000, 1000], [1, 2], (b, x) => b.Reduce(ReduceKind.LogSumExp, x, [1], false), [1000 + Math.Log(2)]);
        Check([float.PositiveInfinity, 1], [1, 2], (b, x) => b.Reduce(ReduceKind.LogSumExp, x, [1], false), [double.PositiveInfinity]);
        Check([float.NaN, 1, 1, float.NaN], [2, 2], (b, x) => b.Reduce(ReduceKind.Max, x, [1], false), [double.NaN, double.NaN]);
        Check([float.NaN, 1, 1, float.NaN], [2, 2], (b, x) => b.Reduce(ReduceKind.Min, x, [1], false), [double.NaN, double.NaN]);
        Check([3, 7, 7, 1], [1, 4], (b, x) => Arg(b, x, smallest: 0, last: 0), [1]);
        Check([3, 7, 7, 1], [1, 4], (b, x) => Arg(b, x, smallest: 0, last: 1), [2]);
        Check([3, 1, 7, 1], [1, 4], (b, x) => Arg(b, x, smallest: 1, last: 0), [1]);
        Check([3, 1, 7, 1], [1, 4], (b, x) => Arg(b, x, smallest: 1, last: 1), [3]);
        Check([3, float.NaN, 7, 1], [1, 4], (b, x) => Arg(b, x, smallest: 0, last: 0), [1]);

        void Reduced(ReduceKind kind, int[] shape, double[] expected) => Check(six, shape, (b, x) => b.Reduce(kind, x, [0], false), expected);

        static Value Arg(GraphBuilder b, Value x, int smallest, int last) =>
            b.Add(Opcode.ArgReduce, [x], [1], node => node.With(ArgReduceRule.Axis, 1).With(ArgReduceRule.Smallest, smallest).With(ArgReduceRule.Last, last));
    }

    [Theory]
    [InlineData(nameof(UnaryKind.Abs), -2f, 2.0)]
    [InlineData(nameof(UnaryKind.Neg), -2f, 2.0)]
    [InlineData(nameof(UnaryKind.Exp), 1f, Math.E)]
    [InlineData(nameof(UnaryKind.Log), 1f, 0.0)]
    [InlineData(nameof(UnaryKind.Sqrt), 9f, 3.0)]
    [InlineData(nameof(UnaryKind.Reciprocal), 4f, 0.25)]
    [InlineData(nameof(UnaryKind.Square), -3f, 9.0)]
    [InlineData(nameof(UnaryKind.Floor), -1.5f, -2.0)]
    [InlineData(nameof(UnaryKind.Ceil), -1.5f, -1.0)]
    [InlineData(nameof(UnaryKind.Round), 2.5f, 2.0)]
    [InlineData(nameof(UnaryKind.Round), 3.5f, 4.0)]
    [InlineData(nameof(UnaryKind.Truncate), -1.5f, -1.0)]
    [InlineData(nameof(UnaryKind.Sign), -7f, -1.0)]
    [InlineData(nameof(UnaryKind.Sign), float.NaN, double.NaN)]
    [InlineData(nameof(UnaryKind.Clip), -7f, -1.5)]
    [InlineData(nameof(UnaryKind.Clip), 7f, 2.5)]
    [InlineData(nameof(UnaryKind.Clip), 1f, 1.0)]
    [InlineData(nameof(UnaryKind.Erf), -0.5f, -0.52049987781304654)]
    [InlineData(nameof(UnaryKind.Not), 0f, 1.0)]
    [InlineData(nameof(UnaryKind.Not), 3f, 0.0)]
    [InlineData(nameof(UnaryKind.IsNaN), float.NaN, 1.0)]
    [InlineData(nameof(UnaryKind.IsNaN), 0f, 0.0)]
    [InlineData(nameof(UnaryKind.IsInf), float.NegativeInfinity, 1.0)]
    [InlineData(nameof(UnaryKind.IsInf), 1f, 0.0)]
    [InlineData(nameof(UnaryKind.Sin), 0.5f, 0.479425538604203)]
    [InlineData(nameof(UnaryKind.Cos), 0.5f, 0.87758256189037276)]
    [InlineData(nameof(UnaryKind.Tan), 0.5f, 0.54630248984379048)]
    [InlineData(nameof(UnaryKind.Asin), 0.5f, 0.52359877559829893)]
    [InlineData(nameof(UnaryKind.Acos), 0.5f, 1.0471975511965979)]
    [InlineData(nameof(UnaryKind.Atan), 1f, Math.PI / 4)]
    [InlineData(nameof(UnaryKind.Sinh), 1f, 1.1752011936438014)]
    [InlineData(nameof(UnaryKind.Cosh), 1f, 1.5430806348152437)]
    [InlineData(nameof(UnaryKind.Asinh), 1f, 0.881373587019543)]
    [InlineData(nameof(UnaryKind.Acosh), 2f, 1.3169578969248167)]
    [InlineData(nameof(UnaryKind.Atanh), 0.5f, 0.54930614433405489)]
    public void Functions_of_one_number(string kindName, float x, double expected) => Check([x], [1], (b, v) => b.Unary(Enum.Parse<UnaryKind>(kindName), v, -1.5f, 2.5f), [expected]);

    [Theory]
    [InlineData(0f, 0f, float.PositiveInfinity, 0.0)]
    [InlineData(0f, 1f, float.PositiveInfinity, 1.0)]
    [InlineData(1f, 0f, float.PositiveInfinity, 0.0)]
    [InlineData(0f, 1f, float.NegativeInfinity, 0.0)]
    [InlineData(1f, 0f, float.NegativeInfinity, 1.0)]
    public void Infinities_are_told_by_their_sign(float negative, float positive, float x, double expected) =>
        Check([x], [1], (b, v) => b.Unary(UnaryKind.IsInf, v, negative, positive), [expected]);

    [Theory]
    [InlineData(nameof(BinaryKind.Min), new[] { 1.0, 2, -3, -7 })]
    [InlineData(nameof(BinaryKind.Max), new[] { 2.0, 2, 3, 3 })]
    [InlineData(nameof(BinaryKind.Pow), new[] { 1.0, 4, -27, -1 / 343.0 })]
    [InlineData(nameof(BinaryKind.Mod), new[] { 1.0, 0, 0, -1 })]
    [InlineData(nameof(BinaryKind.Remainder), new[] { 1.0, 0, 0, 2 })]
    [InlineData(nameof(BinaryKind.Equal), new[] { 0.0, 1, 0, 0 })]
    [InlineData(nameof(BinaryKind.Less), new[] { 1.0, 0, 1, 0 })]
    [InlineData(nameof(BinaryKind.LessOrEqual), new[] { 1.0, 1, 1, 0 })]
    [InlineData(nameof(BinaryKind.And), new[] { 1.0, 1, 1, 1 })]
    [InlineData(nameof(BinaryKind.Or), new[] { 1.0, 1, 1, 1 })]
    [InlineData(nameof(BinaryKind.Xor), new[] { 0.0, 0, 0, 0 })]
    public void Functions_of_two_numbers(string kindName, double[] expected)
    {
        BinaryKind kind = Enum.Parse<BinaryKind>(kindName);
        double[] right = kind == BinaryKind.Pow ? [1.0, 4, -27, 1 / -343.0] : expected;
        float[] a = [1, 2, -3, kind == BinaryKind.Pow ? -7 : kind is BinaryKind.Mod or BinaryKind.Remainder ? 5 : 3];
        float[] c = [2, 2, 3, kind == BinaryKind.Pow ? -3 : kind is BinaryKind.Mod or BinaryKind.Remainder ? -3 : -7];
        right = kind is BinaryKind.Mod ? [1, 0, 0, -1] : right;
        Check(a, [4], (b, x) => b.Binary(kind, x, C(c, 4)), right);
    }

    [Fact]
    public void Truth_values_are_told_from_0()
    {
        Check([0, 0, 2, 2], [4], (b, x) => b.Binary(BinaryKind.And, x, C([0, 3, 0, 3], 4)), [0, 0, 0, 1]);
        Check([0, 0, 2, 2], [4], (b, x) => b.Binary(BinaryKind.Or, x, C([0, 3, 0, 3], 4)), [0, 1, 1, 1]);
        Check([0, 0, 2, 2], [4], (b, x) => b.Binary(BinaryKind.Xor, x, C([0, 3, 0, 3], 4)), [0, 1, 1, 0]);
        Check([0, 2, 0], [3], (b, x) => b.Add(Opcode.Where, [x, C([1, 2, 3], 3), C([-1], 1)], [3]), [-1, 2, -1]);
        Check([8, 6], [2], (b, x) => b.Arithmetic(Opcode.Sub, b.Arithmetic(Opcode.Mul, x, C([3], 1)), b.Arithmetic(Opcode.Div, C([24], 1), x)), [21, 14]);
    }

    [Theory]
    [InlineData(0, new[] { 1.0, 1, 2 })]
    [InlineData(1, new[] { 1.0, 2, 2 })]
    [InlineData(2, new[] { 2.0, 1, 1 })]
    [InlineData(3, new[] { 2.0, 2, 1 })]
    [InlineData(4, new[] { 2.0, 1, 2 })]
    [InlineData(5, new[] { 1.0, 2, 1 })]
    public void A_tree_goes_left_as_its_mode_says_and_equality_too(int mode, double[] expected)
    {
        // Below, at and above the threshold of 5: the left leaf gives 1, the right one 2.
        foreach ((float x, double y) in new[] { 4f, 5f, 6f }.Zip(expected))
        {
            Check([0, x], [1, 2], (b, v) => Tree(b, v, mode, 0), [y]);
        }

        // A missing value goes left where the mode says so, and where it says "not equal".
        Check([0, float.NaN], [1, 2], (b, v) => Tree(b, v, mode, 0), [mode == 5 ? 1 : 2]);
        Check([0, float.NaN], [1, 2], (b, v) => Tree(b, v, mode | 8, 0), [1]);
    }

    [Theory]
    [InlineData(0, 3.0)]
    [InlineData(1, 1.5)]
    [InlineData(2, 1.0)]
    [InlineData(3, 2.0)]
    public void Trees_are_added_averaged_or_the_least_or_largest_taken(int aggregate, double expected)
    {
        // Two roots: the whole tree, which goes left, and its right leaf.
        Check([0, 0], [1, 2], (b, v) => Tree(b, v, 0, aggregate, [0, 2]), [expected]);
    }

    [Fact]
    public void Recurrent_layers()
    {
        static double S(double x) => 1 / (1 + Math.Exp(-x));
        RecurrentActivation sigmoid = new(ActivationKind.Sigmoid, 0, 0);
        RecurrentActivation tanh = new(ActivationKind.Tanh, 0, 0);
        RecurrentActivation linear = new(ActivationKind.Linear, 0, 0);

        // h = x + h/2 + 0.25 over 1, 2, 3, forwards and backwards; a clip of 2.
        Value?[] Simple(Value x) => [x, C([1], 1, 1), C([0.5f], 1, 1), C([0.125f, 0.125f], 2), C([4], 1, 1)];
        Check([1, 2, 3], [3, 1, 1], (b, x) => b.Recurrent(Opcode.RNN, Simple(x), 1, new RecurrentSettings([linear], 0, false, false))[0], [3.25, 3.875, 5.1875]);
        Check([1, 2, 3], [3, 1, 1], (b, x) => b.Recurrent(Opcode.RNN, Simple(x), 1, new RecurrentSettings([linear], 0, false, false))[1], [5.1875]);
        Check([1, 2, 3], [3, 1, 1], (b, x) => b.Recurrent(Opcode.RNN, Simple(x), 1, new RecurrentSettings([linear], 0, false, true))[0], [3.6875, 4.875, 5.25]);
        Check([1, 2, 3], [3, 1, 1], (b, x) => b.Recurrent(Opcode.RNN, Simple(x), 1, new RecurrentSettings([linear], 2, false, false))[0], [2, 2, 2]);

        // GRU of one step from h = 2: z = σ(1), r = σ(2), candidate tanh(3x + …).
        Value?[] Gru(Value x) => [x, C([1, 2, 3], 3, 1), C([0.5f, 0.25f, -1], 3, 1), C([0, 0, 0, 0, 0, 0.5f], 6), C([2], 1, 1)];
        double z = S(1 + 1);
        double r = S(2 + 0.5);
        Check([1], [1, 1, 1], (b, x) => b.Recurrent(Opcode.GRU, Gru(x), 1, new RecurrentSettings([sigmoid, tanh], 0, false, false))[1], [((1 - z) * Math.Tanh(3 - (r * 2) + 0.5)) + (z * 2)]);
        Check([1], [1, 1, 1], (b, x) => b.Recurrent(Opcode.GRU, Gru(x), 1, new RecurrentSettings([sigmoid, tanh], 0, true, false))[1], [((1 - z) * Math.Tanh(3 + (r * (-2 + 0.5)))) + (z * 2)]);

        // LSTM of one step from h = 0.5, c = 2: gates i, o, f, c, peepholes i, o, f.
        Value?[] Lstm(Value x) => [x, C([1, 2, 3, 4], 4, 1), C([0.5f, 0.25f, -1, 1], 4, 1), C([0, 0, 0, 0, 0.1f, 0.2f, 0.3f, 0.4f], 8), C([0.5f], 1, 1), C([2], 1, 1), C([0.1f, 0.2f, 0.3f], 3)];
        double i = S(1 + 0.25 + 0.1f + (0.1f * 2.0));
        double f = S(3 - 0.5 + 0.3f + (0.3f * 2.0));
        double g = Math.Tanh(4 + 0.5 + 0.4f);
        double c = (f * 2) + (i * g);
        double o = S(2 + 0.125 + 0.2f + (0.2f * c));
        var settings = new RecurrentSettings([sigmoid, tanh, tanh], 0, false, false);
        Check([1], [1, 1, 1], (b, x) => b.Recurrent(Opcode.LSTM, Lstm(x), 1, settings)[2], [c]);
        Check([1], [1, 1, 1], (b, x) => b.Recurrent(Opcode.LSTM, Lstm(x), 1, settings)[1], [o * Math.Tanh(c)]);
        double coupled = ((1 - i) * 2) + (i * g);
        Check([1], [1, 1, 1], (b, x) => b.Recurrent(Opcode.LSTM, Lstm(x), 1, settings with { Variant = true })[2], [coupled]);
    }

    [Fact]
    public void Pairs_of_classes_come_to_probabilities()
    {
        // Where p(i beats j) is pᵢ / (pᵢ + pⱼ), the answer is p itself.
        double[] p = [0.5, 0.3, 0.2];
        float[] pairs = [(float)(p[0] / (p[0] + p[1])), (float)(p[0] / (p[0] + p[2])), (float)(p[1] / (p[1] + p[2]))];
        double[] actual = Run(pairs, [1, 3], (b, x) => b.PairwiseCoupling(x, 3));
        Assert.Equal(1, actual.Sum(), 1e-12);
        Assert.All(actual.Zip(p), pair => Assert.Equal(pair.Second, pair.First, 0.01));
    }

    private static Value Tree(GraphBuilder builder, Value x, int mode, int aggregate, int[]? roots = null) => builder.TreeEnsemble(
        x,
        new TreeLists([1, mode, 1, 2, -1, 0, 0, 1, -1, 0, 1, 1], [5, 0, 0], roots ?? [0], [0, 0], [1, 2]),
        1,
        aggregate);

    private static Value C(float[] values, params int[] shape) => Value.Constant("c", values, shape);

    private static void Check(float[] input, int[] shape, Func<GraphBuilder, Value, Value> model, double[] expected)
    {
        double[] actual = Run(input, shape, model);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 1e-12 * Math.Max(1, Math.Abs(expected[i])), $"element {i}: {actual[i]:R} for {expected[i]:R}");
        }
    }

    private static double[] Run(float[] input, int[] shape, Func<GraphBuilder, Value, Value> model)
    {
        var graph = new Graph();
        var x = new Value("x", TensorType.Float32, shape);
        graph.Inputs.Add(x);
        graph.Outputs.Add(model(new GraphBuilder(graph) { Name = "node" }, x));
        return new DoubleEvaluator(graph).Run(input);
    }
}

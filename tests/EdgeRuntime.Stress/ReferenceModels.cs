using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Stress;

/// <summary>Models of the kinds that people deploy, with random weights: the cost model is held to what they were measured to take.</summary>
internal static class ReferenceModels
{
    /// <summary>The models by name, the same on every run.</summary>
    internal static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["logistic_float32"] = new Maker(1).Logistic(),
        ["cnn_float32"] = new Maker(2).Image(TensorType.Float32, 8, 1, [6, 12]),
        ["cnn_int8"] = new Maker(3).Image(TensorType.Int8, 8, 1, [8, 16]),
        ["separable_cnn_int8"] = new Maker(4).Separable(),
        ["forest_50_trees"] = new Maker(5).Trees(50, 6, 9, 1, 0),
        ["boosted_40_trees"] = new Maker(6).Trees(40, 3, 13, 3, 1),
        ["lstm_float32"] = new Maker(7).Recurrent(Opcode.LSTM, 4),
        ["gru_float32"] = new Maker(8).Recurrent(Opcode.GRU, 3),
        ["attention_float32"] = new Maker(9).Attention(),
    };

    /// <summary>Trees whose features and children take a byte, of one target with one comparison, or of more with a comparison for each split.</summary>
    internal static byte[] Trees(int trees, int levels, int features, int targets) => new Maker(levels).Trees(trees, levels, features, targets, 0);

    private sealed class Maker(int seed)
    {
        private readonly RandomModel model = new(new Random(seed));
        private int end;

        internal byte[] Logistic()
        {
            Item x = model.Input(TensorType.Float32, [1, 13]);
            Item y = Dense(x, 3, ActivationKind.Linear);
            return End(model.Like(y, Opcode.Softmax, y.Type, [y.Index], [RandomModel.Bits(1f), 0, 0, 0]));
        }

        // Convolutions of 3 by 3 with a pool of 2 by 2 behind each, and a layer.
        internal byte[] Image(TensorType type, int size, int channels, int[] units)
        {
            Item x = model.Input(type, [1, size, size, channels]);
            foreach (int count in units)
            {
                x = Conv(x, count, 3, 3, 1, 1);
                x = Pool(x, Opcode.MaxPool, 2);
            }

            return End(Dense(model.Reshape(x, [1, x.Elements]), 10, ActivationKind.Linear));
        }

        // A keyword spotter in small: a convolution, depthwise and pointwise ones, a mean over the image, a layer.
        internal byte[] Separable()
        {
            Item x = Conv(model.Input(TensorType.Int8, [1, 20, 10, 1]), 16, 4, 4, 2, 1);
            for (int block = 0; block < 3; block++)
            {
                x = Conv(x, x.Shape[3], 3, 3, 1, x.Shape[3]);
                x = Conv(x, 16, 1, 1, 1, 1);
            }

            x = Pool(x, Opcode.AveragePool, x.Shape[2]);
            return End(Dense(model.Reshape(x, [1, x.Elements]), 12, ActivationKind.Linear));
        }

        internal byte[] Recurrent(Opcode opcode, int gates)
        {
            const int Steps = 10;
            const int Features = 9;
            const int Hidden = 16;
            Item x = model.Input(TensorType.Float32, [Steps, 1, Features]);
            Item all = Own(x.Type, [Steps, 1, Hidden]);
            Item[] last = RandomModel.Many(opcode == Opcode.LSTM ? 2 : 1, () => Own(x.Type, [1, Hidden]));
            int[] sigmoid = [(int)ActivationKind.Sigmoid, 0, 0];
            int[] tanh = [(int)ActivationKind.Tanh, 0, 0];
            int[] weights = [model.Constant(x.Type, [gates * Hidden, Features]), model.Constant(x.Type, [gates * Hidden, Hidden]), model.Constant(x.Type, [2 * gates * Hidden])];
            model.Add(opcode, [all.Index, .. last.Select(state => state.Index)], [x.Index, .. weights], [.. sigmoid, .. tanh, .. tanh, 0, 0, 0]);
            return End(Dense(last[0], 3, ActivationKind.Linear));
        }

        // Each tree sends a row to the left or to the right of a threshold, and ends early now and then. The trees of boosting say where a
        // missing value goes, by the split, and take turns at the classes.
        internal byte[] Trees(int trees, int levels, int features, int targets, int aggregate)
        {
            Random random = model.Random;
            var counts = new List<sbyte>();
            var children = new List<sbyte>();
            int leaves = 0;
            for (int tree = 0; tree < trees; tree++)
            {
                int first = children.Count;
                int firstLeaf = leaves;
                Grow(levels, first);
                counts.Add((sbyte)((children.Count - first) / 2));
                counts.Add((sbyte)(leaves - firstLeaf));

                void Grow(int left, int at)
                {
                    children.AddRange([0, 0]);
                    for (int side = 0; side < 2; side++)
                    {
                        if (left == 1 || (left < levels && random.Next(3) == 0))
                        {
                            children[at + side] = (sbyte)(firstLeaf - 1 - leaves++);
                            continue;
                        }

                        children[at + side] = (sbyte)(((children.Count - at) / 2) - 1);
                        Grow(left - 1, children.Count);
                    }
                }
            }

            int splits = children.Count / 2;
            Item x = model.Input(TensorType.Float32, [1, features]);
            List<int> inputs =
            [
                x.Index,
                model.Values(TensorType.Int8, [trees, 2], counts.ToArray()),
                model.Values(TensorType.Int8, [splits], RandomModel.Many(splits, () => (sbyte)random.Next(features))),
                model.Values(TensorType.Int8, [splits, 2], children.ToArray()),
                model.Values(TensorType.Float32, [splits], RandomModel.Many(splits, () => (float)random.NextDouble() * 0.17f)),
                model.Constant(TensorType.Float32, [leaves, 1]),
            ];
            if (targets > 1)
            {
                inputs.Add(model.Values(TensorType.Int8, [trees], Enumerable.Range(0, trees).Select(tree => (sbyte)(tree % targets)).ToArray()));
                inputs.Add(model.Values(TensorType.Int8, [splits], RandomModel.Many(splits, () => (sbyte)(random.Next(2) * TreeEnsembleRule.MissingIsTrue))));
            }

            return End(model.Add(Opcode.TreeEnsemble, Own(x.Type, [1, targets]), [.. inputs], [aggregate, 0, (int)(targets > 1 ? TreeTargets.OfTree : TreeTargets.All)]));
        }

        // Normalization, a product of the sequence with itself and with constants, a residual sum, a mean.
        internal byte[] Attention()
        {
            const int Steps = 12;
            const int Width = 16;
            Item x = model.Input(TensorType.Float32, [Steps, Width]);
            Item normal = model.Add(Opcode.LayerNormalization, Own(x.Type, x.Shape), [x.Index, model.Constant(x.Type, [Width]), model.Constant(x.Type, [Width])], [1, 0, RandomModel.Bits(1e-3f)]);
            Item[] parts = [.. Enumerable.Range(0, 3).Select(_ => model.Add(Opcode.MatMul, Own(x.Type, x.Shape), [normal.Index, model.Constant(x.Type, [Width, Width])], []))];
            Item turned = model.Add(Opcode.Transpose, Own(x.Type, [Width, Steps]), [parts[1].Index], [1, 0, 0, 0, 0, 0]);
            Item scores = model.Add(Opcode.MatMul, Own(x.Type, [Steps, Steps]), [parts[0].Index, turned.Index], []);
            Item shares = model.Add(Opcode.Softmax, Own(x.Type, scores.Shape), [scores.Index], [RandomModel.Bits(0.25f), 0, 0, 0]);
            Item mixed = model.Add(Opcode.MatMul, Own(x.Type, x.Shape), [shares.Index, parts[2].Index], []);
            Item sum = model.Add(Opcode.Add, Own(x.Type, x.Shape), [mixed.Index, normal.Index], new int[OperatorNames.Parameters(Opcode.Add).Length]);
            Item mean = model.Add(Opcode.Reduce, Own(x.Type, [1, Width]), [sum.Index], [(int)ReduceKind.Mean, 1, 0, 0]);
            return End(Dense(mean, 4, ActivationKind.Linear));
        }

        private Item Dense(Item x, int units, ActivationKind kind)
        {
            Item y = Own(x.Type, [1, units]);
            return Layer(Opcode.Dense, x, y, [units, x.Shape[^1]], kind, []);
        }

        private Item Conv(Item x, int units, int high, int wide, int stride, int groups)
        {
            int[] size = [((x.Shape[1] - 1) / stride) + 1, ((x.Shape[2] - 1) / stride) + 1];
            Item y = Own(x.Type, [1, size[0], size[1], units]);
            return Layer(Opcode.Conv, x, y, [units, high, wide, x.Shape[3] / groups], ActivationKind.ReLU, [stride, stride, 1, 1, (high - 1) / 2, (wide - 1) / 2, groups]);
        }

        private Item Layer(Opcode opcode, Item x, Item y, int[] shape, ActivationKind kind, int[] window)
        {
            int units = shape[0];
            if (x.Type == TensorType.Float32)
            {
                return model.Add(opcode, y, [x.Index, model.Constant(x.Type, shape), model.Constant(x.Type, [units])], [(int)kind, 0, 0, 0, 0, 0, .. window]);
            }

            int[] constants =
            [
                model.Constant(TensorType.Int8, shape), model.Ints(units, () => model.Random.Next(-3000, 3000)),
                model.Ints(units, () => model.Random.Next(1 << 30, int.MaxValue)), model.Shifts(units, () => -8),
            ];
            return model.Add(opcode, y, [x.Index, .. constants], [0, 0, 0, kind == ActivationKind.ReLU ? y.ZeroPoint : -128, 127, y.ZeroPoint, .. window]);
        }

        private Item Pool(Item x, Opcode opcode, int size)
        {
            int[] shape = [1, Math.Max(1, x.Shape[1] / size), Math.Max(1, x.Shape[2] / size), x.Shape[3]];
            int[] parameters = new int[OperatorNames.Parameters(opcode).Length];
            for (int axis = 0; axis < 2; axis++)
            {
                parameters[PoolRule.Kernel + axis] = parameters[PoolRule.Stride + axis] = size;
                parameters[PoolRule.Dilation + axis] = 1;
            }

            (parameters[^2], parameters[^1]) = (-128, 127);
            return model.Add(opcode, Own(x.Type, shape, x.ZeroPoint), [x.Index], parameters);
        }

        private Item Own(TensorType type, int[] shape, int? zeroPoint = null) => model.Arena(type, shape, zeroPoint, end += 4096);

        private byte[] End(Item y)
        {
            model.Output(y);
            return model.Build();
        }
    }
}

using EdgeInference.ModelConverter.Import.Tflite;

namespace EdgeInference.Tool.Tests.Import.Tflite;

internal static partial class OperatorCases
{
    private static IEnumerable<OperatorCase> Svdf()
    {
        const int Options = 6;
        const int Features = 9;
        foreach ((string name, int rank, int units, int steps, int batch, int zero) in new[] { ("rank_1", 1, 6, 5, 1, 0), ("rank_2", 2, 4, 3, 2, 37), ("one_step", 2, 3, 1, 1, -50) })
        {
            int filters = rank * units;
            var seeds = new SeededInputs(31);
            var model = new TfliteModelBuilder();
            model.Operator(
                TfliteOperatorCode.SVDF,
                [
                    model.Input(TfliteType.Float32, [batch, Features]), model.Constant([filters, Features], seeds.Floats(filters * Features)), model.Constant([filters, steps], seeds.Floats(filters * steps)),
                    model.Constant([units], seeds.Floats(units)), model.Variable(TfliteType.Float32, [batch, filters * steps]),
                ],
                [model.Output(TfliteType.Float32, [batch, units])],
                Options,
                (0, rank),
                (1, (byte)FusedActivation.Relu));
            yield return new OperatorCase($"svdf_{name}_float32", model.Build(), 9, KeepsState: true);

            model = new TfliteModelBuilder();
            int bias = model.Constant(TfliteType.Int32, [units], TfliteModelBuilder.Bytes([.. Enumerable.Range(0, units).Select(i => 900 - (400 * i))], 4, System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian), [0.0003f]);
            model.Operator(
                TfliteOperatorCode.SVDF,
                [
                    model.Input(TfliteType.Int8, [batch, Features], 0.04f, 5), model.Constant([filters, Features], Weights(seeds, filters * Features), [0.01f]), model.Constant([filters, steps], Weights(seeds, filters * steps), [0.01f]),
                    bias, model.Variable(TfliteType.Int8, [batch, filters * steps], 0.03f, zero),
                ],
                [model.Output(TfliteType.Int8, [batch, units], 0.031f, -13)],
                Options,
                (0, rank),
                (1, (byte)FusedActivation.Relu));
            yield return new OperatorCase($"svdf_{name}_int8", model.Build(), 9, KeepsState: true);
        }
    }

    private static IEnumerable<OperatorCase> Lstm()
    {
        const int Options = 71;
        const int Features = 4;
        const int Hidden = 5;
        foreach ((string name, bool timeMajor, float clip, int batch) in new[] { ("free", false, 0f, 2), ("time_major", true, 0f, 2), ("bounded", false, 10f, 1) })
        {
            const int Steps = 6;
            var seeds = new SeededInputs(53);
            var model = new TfliteModelBuilder();
            int[] lead = timeMajor ? [Steps, batch] : [batch, Steps];
            int[] inputs = [.. Enumerable.Repeat(-1, 24)];
            inputs[0] = model.Input(TfliteType.Float32, [.. lead, Features]);
            for (int gate = 0; gate < 4; gate++)
            {
                // With a bound, gates that are nearly open take the cell beyond it, and forgetting now and then shows where it was.
                bool forgets = clip != 0 && gate == 1;
                inputs[1 + gate] = model.Constant([Hidden, Features], Times(forgets ? 3f : 1f, seeds.Floats(Hidden * Features), 0f));
                inputs[5 + gate] = model.Constant([Hidden, Hidden], seeds.Floats(Hidden * Hidden));
                inputs[12 + gate] = model.Constant([Hidden], Times(1f, seeds.Floats(Hidden), clip == 0 ? 0f : forgets ? 3f : 6f));
            }

            inputs[18] = model.Variable(TfliteType.Float32, [batch, Hidden]);
            inputs[19] = model.Variable(TfliteType.Float32, [batch, Hidden]);
            model.Operator(
                TfliteOperatorCode.UNIDIRECTIONAL_SEQUENCE_LSTM,
                inputs,
                [model.Output(TfliteType.Float32, [.. lead, Hidden])],
                Options,
                (0, (byte)FusedActivation.Tanh),
                (1, clip),
                (2, 0f),
                (3, timeMajor));
            yield return new OperatorCase($"lstm_{name}_float32", model.Build(), clip == 0 ? 5 : 20, KeepsState: true);
        }
    }

    private static IEnumerable<OperatorCase> QuantizedLstm()
    {
        const int Options = 71;
        const int Features = 6;
        const int Hidden = 5;
        const int Steps = 4;
        foreach ((string name, TfliteType type, bool timeMajor, float clip, int batch, int zero, int power) in new[]
        {
            ("plain", TfliteType.Int8, false, 0f, 1, 0, -12), ("shifted", TfliteType.Int8, true, 10f, 2, 21, -11), ("batch", TfliteType.Int8, false, 3f, 2, -5, -10), ("wide", TfliteType.Int16, false, 10f, 1, 0, -11),
        })
        {
            var seeds = new SeededInputs(57);
            var model = new TfliteModelBuilder();
            bool narrow = type == TfliteType.Int8;
            int[] lead = timeMajor ? [Steps, batch] : [batch, Steps];
            int[] inputs = [.. Enumerable.Repeat(-1, 24)];
            float state = narrow ? 0.0078f : 1f / 32768;
            inputs[0] = model.Input(type, [.. lead, Features], narrow ? 0.031f : 0.00012f, narrow ? -7 : 0);
            for (int gate = 0; gate < 4; gate++)
            {
                inputs[1 + gate] = model.Constant([Hidden, Features], Weights(seeds, Hidden * Features), [0.004f + (0.001f * gate)]);
                inputs[5 + gate] = model.Constant([Hidden, Hidden], Weights(seeds, Hidden * Hidden), [0.009f - (0.001f * gate)]);
                long[] bias = [.. Enumerable.Range(0, Hidden).Select(_ => (long)seeds.Next() >> (narrow ? 52 : 44))];
                inputs[12 + gate] = narrow ? model.Constant([Hidden], Array.ConvertAll(bias, value => (int)value)) : model.Constant([Hidden], bias);
            }

            inputs[18] = model.Variable(type, [batch, Hidden], state, zero);
            inputs[19] = model.Variable(TfliteType.Int16, [batch, Hidden], MathF.Pow(2, power));
            model.Operator(
                TfliteOperatorCode.UNIDIRECTIONAL_SEQUENCE_LSTM,
                inputs,
                [model.Output(type, [.. lead, Hidden], state, zero)],
                Options,
                (0, (byte)FusedActivation.Tanh),
                (1, clip),
                (2, 0f),
                (3, timeMajor));
            yield return new OperatorCase($"lstm_{name}_{type.ToString().ToLowerInvariant()}", model.Build(), 6, KeepsState: true);
        }
    }

    private static float[] Times(float factor, float[] values, float offset) => Array.ConvertAll(values, value => (factor * value) + offset);
}

using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Import.Tflite.Operators;

/// <summary>
/// UNIDIRECTIONAL_SEQUENCE_LSTM, quantized by <see cref="QuantizedLstm"/>, in float32 by LSTM. It keeps its state from one inference to the next, as TensorFlow Lite does. A
/// bound of the cell, which LSTM lacks, is applied between steps, each its own node: once the cell is so large, tanh is
/// 1 in float32, so that only what is carried on differs.
/// </summary>
internal static class LstmConverter
{
    private const int InputWeights = 1;
    private const int RecurrentWeights = 5;
    private const int Peepholes = 9;
    private const int Biases = 12;
    private const int Projection = 16;
    private const int LayerNorm = 20;

    // From here on tanh is 1 in float32.
    private const float LeastClip = 9.1f;
    private const int MostSteps = 1000;

    // TensorFlow Lite has input, forget, cell, output.
    private static readonly int[] order = [0, 3, 1, 2];

    internal static void Convert(TfliteNodeContext source)
    {
        Value input = source.Input(0);
        Value output = source.Output();
        if (input.Shape.Length != 3 || output.Shape.Length != 3 || output.Type != input.Type)
        {
            throw TfliteNodeContext.Unsupported($"makes {output} of {input}; three dimensions of one type are supported");
        }

        if (Enumerable.Range(Peepholes, 3).Concat([Projection, Projection + 1]).Concat(Enumerable.Range(LayerNorm, 4)).Any(source.HasInput))
        {
            throw TfliteNodeContext.Unsupported("has peepholes, a projection or layer normalisation");
        }

        float clip = source.Float(1);
        bool timeMajor = source.Bool(3);
        int steps = input.Shape[timeMajor ? 0 : 1];
        bool isQuantized = input.Type is TensorType.Int8 or TensorType.Int16;
        if (steps > MostSteps && !isQuantized && clip != 0)
        {
            throw TfliteNodeContext.Unsupported($"clips its cells, and has {steps} steps; at most {MostSteps} are supported");
        }

        if (isQuantized && source.Activation(0) == FusedActivation.Tanh)
        {
            AddTimeFirst(source, input, output, timeMajor, new QuantizedLstm(source, input, output, clip).Convert);
            return;
        }

        if (input.Type != TensorType.Float32 || source.Activation(0) != FusedActivation.Tanh || (clip != 0 && !(clip >= LeastClip)))
        {
            throw TfliteNodeContext.Unsupported($"works on {input.Type} and applies {source.Activation(0)} with a cell clip of {clip}; tanh without a clip, or with one of {LeastClip} or more, is supported");
        }

        AddTimeFirst(source, input, output, timeMajor, (x, all) => Convert(source, x, all, clip));
    }

    private static void Convert(TfliteNodeContext source, Value x, Value all, float clip)
    {
        int hidden = all.LastDimension;
        int batch = x.Shape[1];
        Value?[] constants =
        [
            Value.Constant(source.Name + ".weights", Gates(source, InputWeights, hidden * x.LastDimension), 4 * hidden, x.LastDimension),
            Value.Constant(source.Name + ".recurrent", Gates(source, RecurrentWeights, hidden * hidden), 4 * hidden, hidden),
            Value.Constant(source.Name + ".bias", [.. Gates(source, Biases, hidden), .. new float[4 * hidden]], 8 * hidden),
        ];
        var state = new Value(source.Name + ".state", TensorType.Float32, batch, hidden) { IsState = true };
        var cell = new Value(source.Name + ".cell", TensorType.Float32, batch, hidden) { IsState = true };
        if (clip == 0)
        {
            Step(source, x, constants, state, cell, all, state, cell);
        }
        else
        {
            Steps(source, x, constants, state, cell, all, clip);
        }
    }

    // Adds a layer between values whose first axis is the time.
    private static void AddTimeFirst(TfliteNodeContext source, Value input, Value output, bool timeMajor, Action<Value, Value> add)
    {
        if (timeMajor)
        {
            add(input, output);
            return;
        }

        Value all = Twin(output, ".steps");
        add(Swapped(source, input), all);
        Swap(source, all, output);
    }

    private static Value Twin(Value value, string suffix) =>
        new(value.Name + suffix, value.Type, value.Shape[1], value.Shape[0], value.Shape[2]) { Quantization = value.Quantization };

    private static void Steps(TfliteNodeContext source, Value x, Value?[] constants, Value state, Value cell, Value all, float clip)
    {
        int steps = x.Shape[0];
        Value hidden = state;
        Value carried = cell;
        var outputs = new Value[steps];
        for (int i = 0; i < steps; i++)
        {
            string name = $"{source.Name}.{i}";
            var frame = new Value(name + ".x", x.Type, 1, x.Shape[1], x.Shape[2]);
            Node slice = source.Add(Opcode.Slice, [x], frame).With(SliceRule.Start, i);
            for (int axis = 0; axis < x.Shape.Length; axis++)
            {
                slice.With(SliceRule.Step + axis, 1);
            }

            bool last = i == steps - 1;
            outputs[i] = new Value(name + ".h", x.Type, 1, state.Shape[0], state.Shape[1]);
            Value next = last ? state : new Value(name + ".state", x.Type, state.Shape);
            var free = new Value(name + ".cell", x.Type, cell.Shape);
            Step(source, frame, constants, hidden, carried, outputs[i], next, free);
            carried = last ? cell : new Value(name + ".bounded", x.Type, cell.Shape);
            source.Add(Opcode.Unary, [free], carried).With(UnaryRule.Kind, (int)UnaryKind.Clip).With(UnaryRule.Alpha, -clip).With(UnaryRule.Beta, clip);
            hidden = next;
        }

        source.Add(Opcode.Concat, outputs, all);
    }

    private static void Step(TfliteNodeContext source, Value x, Value?[] constants, Value state, Value cell, Value all, Value nextState, Value nextCell) =>
        source.Add(Opcode.LSTM, [x, .. constants, state, cell], all, nextState, nextCell)
            .WithActivation(RecurrentRule.Activations, ActivationKind.Sigmoid)
            .WithActivation(RecurrentRule.Activations + 3, ActivationKind.Tanh)
            .WithActivation(RecurrentRule.Activations + 6, ActivationKind.Tanh);

    private static float[] Gates(TfliteNodeContext source, int first, int length)
    {
        float[] all = [.. order.SelectMany(gate => source.FloatConstant(first + gate).Floats)];
        return all.Length == 4 * length
            ? all
            : throw TfliteNodeContext.Unsupported($"has {all.Length} weights from input {first} on but its gates need {4 * length}");
    }

    private static Value Swapped(TfliteNodeContext source, Value value)
    {
        Value swapped = Twin(value, ".swapped");
        Swap(source, value, swapped);
        return swapped;
    }

    private static void Swap(TfliteNodeContext source, Value value, Value swapped) =>
        source.Add(Opcode.Transpose, [value], swapped)
            .With(TransposeRule.Permutation, 1).With(TransposeRule.Permutation + 1, 0).With(TransposeRule.Permutation + 2, 2);
}

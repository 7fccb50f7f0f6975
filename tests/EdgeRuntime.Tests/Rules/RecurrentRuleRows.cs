using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class RecurrentRuleRows : RuleRows
{
    private const string Type = "is not a constant of the type that it needs";
    private const string Gates = "has recurrent weights for a different number of gates";
    private const string Features = "has weights for a different number of features";
    private const string State = "has an initial state of the wrong size";

    // Three times f(x) = x.
    private static readonly int[] linear = new int[12];

    protected override void Add()
    {
        AddResults();
        foreach ((Opcode opcode, int gates) in new[] { (Opcode.RNN, 1), (Opcode.GRU, 3), (Opcode.LSTM, 4) })
        {
            Prefix = $"{opcode}: ";
            AddShapes(opcode, gates);
            AddParameters(opcode, gates);
        }
    }

    private void AddResults()
    {
        // h₁ = 2·1 + 3·h₀ and h₂ = 2·10 + 3·h₁.
        Good("two steps", Layer(Opcode.RNN, 1, 2, 1, [model => model.Floats([1, 1], 2), model => model.Floats([1, 1], 3)]), [1, 10], [2, 26, 26]);
        Good("two steps from the last", Layer(Opcode.RNN, 1, 2, 1, [model => model.Floats([1, 1], 2), model => model.Floats([1, 1], 3)], With(linear, 10, 1)), [1, 10], [62, 20, 62]);
        Good("a bias and a first state", Layer(Opcode.RNN, 1, 2, 1, [model => model.Floats([1, 1], 2), model => model.Floats([1, 1], 3), model => model.Floats([2], 100, 1000), model => model.Floats([1, 1], 10000)]), [1, 10], [31102, 94426, 94426]);
        // z = x/2 and h̃ = x: H is half of both. Then i = o = c̃ = x and f = x/2: C is 1, then 1·1 + 2·2, and H is x·C.
        Good("a gated unit", Layer(Opcode.GRU, 1, 2, 1, [model => model.Floats([3, 1], 0.5f, 0, 1), model => model.Floats([3, 1], 0, 0, 0)]), [1, 1], [0.5, 0.75, 0.75]);
        Good("a long short-term memory", Layer(Opcode.LSTM, 1, 2, 1, [model => model.Floats([4, 1], 1, 1, 0.5f, 1), model => model.Floats([4, 1], 0, 0, 0, 0)]), [1, 2], [1, 10, 10, 5]);
        Good("a clip", Layer(Opcode.RNN, 1, 2, 1, [model => model.Floats([1, 1], 2), model => model.Floats([1, 1], 3)], With(linear, 9, Bits(5f))), [1, 10], [2, 5, 5]);
    }

    private void AddShapes(Opcode opcode, int gates)
    {
        Good("all inputs", Full(opcode, gates));
        Bad("an input of two dimensions", "takes float32 of three dimensions", Layer(opcode, gates, [2, 2]));
        Bad("an input of four dimensions", "takes float32 of three dimensions", Layer(opcode, gates, [2, 1, 2, 1]));
        Bad("an input of int32", "takes float32 of three dimensions", Layer(opcode, gates, [2, 1, 2], type: I32));
        Bad("weights of one dimension", "needs weights of two dimensions", Weighted([gates * 3 * 2], [gates * 3, 3]));
        Bad("weights of three dimensions", "needs weights of two dimensions", Weighted([gates * 3, 2, 1], [gates * 3, 3]));
        Bad("recurrent weights of one dimension", "needs weights of two dimensions", Weighted([gates * 3, 2], [gates * 3 * 3]));
        Bad("recurrent weights of three dimensions", "needs weights of two dimensions", Weighted([gates * 3, 2], [gates * 3, 3, 1]));
        Bad("a recurrent row more", Gates, Weighted([gates * 3, 2], [(gates * 3) + 1, 3]));
        Bad("a recurrent row less", Gates, Weighted([gates * 3, 2], [(gates * 3) - 1, 3]));
        Bad("a row more", Features, Weighted([(gates * 3) + 1, 2], [gates * 3, 3]));
        Bad("a row less", Features, Weighted([(gates * 3) - 1, 2], [gates * 3, 3]));
        Bad("a feature more", Features, Weighted([gates * 3, 3], [gates * 3, 3]));
        Bad("a feature less", Features, Weighted([gates * 3, 1], [gates * 3, 3]));
        Bad("weights of int32", $"input 1 {Type}", Full(opcode, gates, 1, I32));
        Bad("recurrent weights of int32", $"input 2 {Type}", Full(opcode, gates, 2, I32));
        Bad("absent weights", "is missing input 1", Full(opcode, gates, 1));
        Bad("absent recurrent weights", "is missing input 2", Full(opcode, gates, 2));
        Good("no bias and no state", Weighted([gates * 3, 2], [gates * 3, 3]));
        int bias = 2 * gates * 3;
        Bad("a bias more", $"input 3 has {bias + 1} elements, expected {bias}", Full(opcode, gates, 3, F32, 1));
        Bad("a bias less", $"input 3 has {bias - 1} elements, expected {bias}", Full(opcode, gates, 3, F32, -1));
        Bad("a bias of int32", $"input 3 {Type}", Full(opcode, gates, 3, I32));
        for (int input = 4; input <= (opcode == Opcode.LSTM ? 5 : 4); input++)
        {
            Bad($"input {input} with one state more", State, Full(opcode, gates, input, F32, 1));
            Bad($"input {input} with one state less", State, Full(opcode, gates, input, F32, -1));
            Bad($"input {input} of int32", State, Full(opcode, gates, input, I32));
        }

        if (opcode == Opcode.LSTM)
        {
            Bad("a peephole more", "input 6 has 10 elements, expected 9", Full(opcode, gates, 6, F32, 1));
            Bad("a peephole less", "input 6 has 8 elements, expected 9", Full(opcode, gates, 6, F32, -1));
            Bad("peepholes of int32", $"input 6 {Type}", Full(opcode, gates, 6, I32));
        }

        int outputs = opcode == Opcode.LSTM ? 3 : 2;
        for (int output = 0; output < outputs; output++)
        {
            int right = output == 0 ? 12 : 6;
            Bad($"output {output} with one element more", $"output {output} has {right + 1} elements, expected {right}", Full(opcode, gates, output: output, outputElements: right + 1));
            Bad($"output {output} with one element less", $"output {output} has {right - 1} elements, expected {right}", Full(opcode, gates, output: output, outputElements: right - 1));
            Bad($"output {output} of int32", $"output {output} has the wrong type", Full(opcode, gates, output: output, outputType: I32));
        }

        RawModel Weighted(int[] weights, int[] recurrent) => Layer(opcode, gates, [2, 2, 2], weights, recurrent);
    }

    private void AddParameters(Opcode opcode, int gates)
    {
        for (int i = 0; i < 3; i++)
        {
            string name = "fgh"[i..(i + 1)];
            Within(name, 3 * i, 0, 20, linear, Changed);
            Bad($"PReLU as {name}", "cannot fuse PReLU", Changed(With(linear, 3 * i, 8)));
            Finite($"{name}_alpha(f)", (3 * i) + 1, linear, Changed);
            Finite($"{name}_beta(f)", (3 * i) + 2, linear, Changed);
        }

        Within("reverse", 10, 0, 1, linear, Changed);
        Within("variant", 11, 0, 1, linear, Changed);
        Good("the smallest clip", Changed(With(linear, 9, Bits(float.Epsilon))));
        Bad("a clip below 0", "has a negative clip", Changed(With(linear, 9, Bits(-float.Epsilon))));
        Bad("an infinite clip", "has parameter 'clip(f)' that is not finite", Changed(With(linear, 9, Bits(float.PositiveInfinity))));
        Bad("a clip that is no number", "has parameter 'clip(f)' that is not finite", Changed(With(linear, 9, Bits(float.NaN))));

        RawModel Changed(int[] parameters) => Full(opcode, gates, parameters: parameters);
    }

    // Hidden size 1, one feature.
    private static RawModel Layer(Opcode opcode, int features, int steps, int hidden, Func<RawModel, int>[] more, int[]? parameters = null)
    {
        var model = new RawModel();
        int x = model.Arena(F32, [steps, 1, features]);
        int all = model.Arena(F32, [steps, 1, hidden]);
        int[] last = [.. Enumerable.Range(0, opcode == Opcode.LSTM ? 2 : 1).Select(_ => model.Arena(F32, [1, hidden]))];
        model.Input(x);
        model.Output(all);
        foreach (int output in last)
        {
            model.Output(output);
        }

        model.Op(opcode, [x, .. more.Select(add => add(model))], [all, .. last], parameters ?? linear);
        return model;
    }

    // Two steps of two rows, two features and three units.
    private static RawModel Layer(Opcode opcode, int gates, int[] shape, int[]? weights = null, int[]? recurrent = null, TensorType type = F32)
    {
        var model = new RawModel();
        int x = model.Arena(type, shape);
        int[] outputs = [model.Arena(F32, [2, 2, 3]), model.Arena(F32, [2, 3]), .. opcode == Opcode.LSTM ? new[] { model.Arena(F32, [2, 3]) } : []];
        model.Input(x);
        model.Output(outputs[0]);
        int[] w = weights ?? [gates * 3, 2];
        int[] r = recurrent ?? [gates * 3, 3];
        model.Op(opcode, [x, Zeros(model, F32, w), Zeros(model, F32, r)], outputs, linear);
        return model;
    }

    // The same with all inputs, of which one is of another type, has more elements, or is absent where its type is null.
    private static RawModel Full(Opcode opcode, int gates, int input = -1, TensorType? type = null, int more = 0, int output = -1, int outputElements = 0, TensorType outputType = F32, int[]? parameters = null)
    {
        var model = new RawModel();
        int x = model.Arena(F32, [2, 2, 2]);
        int[][] results = [[2, 2, 3], [2, 3], .. opcode == Opcode.LSTM ? new int[][] { [2, 3] } : []];
        int[] outputs = [.. results.Select((shape, i) => model.Arena(i == output ? outputType : F32, i == output && outputElements > 0 ? [outputElements] : shape))];
        int[][] shapes = [[gates * 3, 2], [gates * 3, 3], [2 * gates * 3], [2, 3], .. opcode == Opcode.LSTM ? new int[][] { [2, 3], [9] } : []];
        model.Input(x);
        model.Output(outputs[0]);
        int[] inputs = [.. shapes.Select((shape, i) => i + 1 != input ? Zeros(model, F32, shape) : type is null ? -1 : Zeros(model, type.Value, more == 0 ? shape : [shape.Aggregate(1, (product, size) => product * size) + more]))];
        model.Op(opcode, [x, .. inputs], outputs, parameters ?? linear);
        return model;
    }

    private static int Zeros(RawModel model, TensorType type, int[] shape) => model.Constant(type, shape, new byte[4 * shape.Aggregate(1, (product, size) => product * size)], null);
}

using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

internal sealed class QuantizedLSTMRuleRows : RuleRows
{
    private const string Type = "is not a constant of the type that it needs";
    private const string State = "has an initial state of the wrong size";
    private const string Channels = "has multipliers for a different number of channels";
    private const int Parameters = 10;

    // Half of the cell, and half of half the table's upper value, are 2^9; the output is 2^5.
    private static readonly int[] plain = [0, 0, 3, 0, 1 << 30, -14, 1 << 30, -18, 1 << 30, -22];

    protected override void Add()
    {
        AddResults();
        foreach (TensorType type in new[] { I8, I16 })
        {
            Prefix = $"{type}: ";
            AddShapes(type);
            AddStates(type);
            AddFactors(type);
            AddParameters(type);
        }

        Prefix = "";
        AddSums();
        foreach (TensorType type in new[] { F32, I32 })
        {
            Bad($"{type}", "takes int8 or int16 of three dimensions", Full(I8, (0, model => Cube(model, type))));
        }
    }

    // The gate of c̃ is 1000 steps or more, and tanh 16384 there; the other gates are at 0, and sigmoid 16384.
    private void AddResults()
    {
        Good("two steps", Unit(plain), [0, 0], [32, 32, 32, 768]);
        Good("two steps from the last", Unit(With(plain, 0, 1)), [0, 0], [32, 32, 32, 768]);
        Good("a clip of the cell", Unit(With(plain, 1, 700)), [0, 0], [32, 32, 32, 700]);
        Good("a clip of the first cell", Unit(With(plain, 1, 100)), [0, 0], [6, 6, 6, 100]);
        Good("a first state and a first cell", Unit(plain, firsts: true), [0, 0], [32, 32, 32, 1768]);
        Good("a zero point of the state", Unit(plain, zero: 100), [0, 0], [27, 27, 27, 768]);
        Good("a cell that is far along the table", Unit(With(plain, 2, 32767)), [0, 0], [64, 64, 64, 768]);
        Good("a cell that is at its beginning", Unit(With(plain, 3, 31)), [0, 0], [0, 0, 0, 768]);
    }

    private void AddShapes(TensorType type)
    {
        Good("all inputs", Full(type));
        Bad("an input of two dimensions", "takes int8 or int16 of three dimensions", Full(type, shape: [4, 2]));
        Bad("an input of four dimensions", "takes int8 or int16 of three dimensions", Full(type, shape: [2, 2, 2, 1]));
        Bad("an input without a scale", "uses tensor 0, which has no scale", Scaleless(Full(type), 0));
        Bad("weights of float32", $"input 1 {Type}", Full(type, (1, model => model.Floats([12, 2], new float[24]))));
        Bad("recurrent weights of float32", $"input 2 {Type}", Full(type, (2, model => model.Floats([12, 3], new float[36]))));
        Bad("weights of three dimensions", "needs weights of two dimensions", Full(type, (1, model => Zeros(model, 12, 2, 1))));
        Bad("recurrent weights of three dimensions", "needs weights of two dimensions", Full(type, (2, model => Zeros(model, 12, 3, 1))));
        Bad("a recurrent row more", "has recurrent weights for a different number of gates", Full(type, (2, model => Zeros(model, 13, 3))));
        Bad("a feature more", "has weights for a different number of features", Full(type, (1, model => Zeros(model, 12, 3))));
        Good("no bias", Full(type, (3, _ => -1)));
        Bad("a bias of another type", $"input 3 {Type}", Full(type, (3, model => type == I8 ? model.Longs([12], new long[12]) : model.Ints([12], new int[12]))));
        Bad("a bias more", "input 3 has 13 elements, expected 12", Full(type, (3, model => type == I8 ? model.Ints([13], new int[13]) : model.Longs([13], new long[13]))));
        Bad("a bias less", "input 3 has 11 elements, expected 12", Full(type, (3, model => type == I8 ? model.Ints([11], new int[11]) : model.Longs([11], new long[11]))));
        Bad("no table", "is missing input 10", Full(type, (10, _ => -1)));
        Bad("a table of int32", $"input 10 {Type}", Full(type, (10, model => model.Ints([256], new int[256]))));
        Bad("an entry less", "input 10 has 255 elements, expected 256", Full(type, (10, model => model.Shorts([255], new short[255]))));
        Bad("an entry more", "input 10 has 257 elements, expected 256", Full(type, (10, model => model.Shorts([257], new short[257]))));
    }

    private void AddStates(TensorType type)
    {
        Good("no first state", Full(type, (4, _ => -1)));
        Good("no first cell", Full(type, (5, _ => -1)));
        Bad("a first state of int32", State, Full(type, (4, model => Fed(model, I32, 6))));
        Bad("a first state more", State, Full(type, (4, model => Fed(model, type, 7))));
        Bad("a first state less", State, Full(type, (4, model => Fed(model, type, 5))));
        Bad("a first state of another scale", "changes the scale", Full(type, (4, model => Fed(model, type, 6, 2f))));
        Bad("a first cell of int32", State, Full(type, (5, model => Fed(model, I32, 6))));
        Bad("a first cell more", State, Full(type, (5, model => Fed(model, I16, 7))));
        Bad("a first cell less", State, Full(type, (5, model => Fed(model, I16, 5))));
        Bad("a first cell of another scale", "changes the scale", Full(type, (5, model => Fed(model, I16, 6, 2f))));
        int[] right = [12, 6, 6];
        for (int output = 0; output < 3; output++)
        {
            TensorType own = output == 2 ? I16 : type;
            Bad($"output {output} with one element more", $"output {output} has {right[output] + 1} elements, expected {right[output]}", Results(type, output, own, right[output] + 1));
            Bad($"output {output} with one element less", $"output {output} has {right[output] - 1} elements, expected {right[output]}", Results(type, output, own, right[output] - 1));
            Bad($"output {output} of int32", $"output {output} has the wrong type", Results(type, output, I32, right[output]));
        }

        Bad("states of another scale than the last", "changes the scale", Results(type, 0, type, 12, scale: 2f));
        Bad("a last cell without a scale", "uses tensor 3, which has no scale", Scaleless(Full(type, (5, _ => -1)), 3));
        Bad("a last cell of zero point 1", "needs a cell with zero point 0", Results(type, 2, I16, 6, zero: 1, first: 5));
        Bad("a last cell of zero point -1", "needs a cell with zero point 0", Results(type, 2, I16, 6, zero: -1, first: 5));
        if (type == I16)
        {
            const string Zero = "needs int16 inputs and states with zero point 0";
            foreach (int zero in new[] { -1, 1 })
            {
                Bad($"an input of zero point {zero}", Zero, Full(type, zero: zero));
                Bad($"states of zero point {zero}", Zero, Full(type, stateZero: zero));
            }
        }
        else
        {
            Good("an input and states of a zero point", Full(type, zero: -128, stateZero: 127));
        }
    }

    private void AddFactors(TensorType type)
    {
        int highest = type == I8 ? 30 : 7;
        foreach (int position in new[] { 6, 8 })
        {
            foreach (int count in new[] { 1, 4, 12 })
            {
                Good($"{count} factors in {position}", Factored(count, [0, int.MaxValue], [-31, highest]));
            }

            Bad($"no factors in {position}", $"is missing input {position}", Full(type, (position, _ => -1)));
            Bad($"no shifts after {position}", $"is missing input {position + 1}", Full(type, (position + 1, _ => -1)));
            foreach (int count in new[] { 2, 3, 5, 11, 13 })
            {
                Bad($"{count} factors in {position}", Channels, Factored(count, [1], [0]));
            }

            Bad($"a negative factor in {position}", "has a negative multiplier", Factored(4, [1, 1, 1, -1], [0]));
            Bad($"a shift of -32 after {position}", $"has a shift outside -31 to {highest}", Factored(4, [1], [0, 0, 0, -32]));
            Bad($"a shift too high after {position}", $"has a shift outside -31 to {highest}", Factored(12, [1], [0, 0, 0, highest + 1]));
            Bad($"factors of float32 in {position}", $"input {position} {Type}", Full(type, (position, model => model.Floats([1], 1))));

            RawModel Factored(int count, int[] multipliers, int[] shifts) => Full(
                type, (position, model => model.Ints([count], Repeated(multipliers, count))), (position + 1, model => model.Shifts(Repeated(shifts, count))));
        }
    }

    private void AddParameters(TensorType type)
    {
        Within("reverse", 0, 0, 1, plain, Changed);
        Within("cell_clip", 1, 0, 32767, plain, Changed);
        Within("cell_multiplier", 2, 1, 32767, plain, Changed);
        Within("cell_shift", 3, 0, 31, plain, Changed);
        string[] factors = ["forget", "input", "output"];
        for (int i = 0; i < factors.Length; i++)
        {
            Within(factors[i] + "_multiplier", 4 + (2 * i), 0, int.MaxValue, plain, Changed);
            Within(factors[i] + "_shift", 5 + (2 * i), -31, 30, plain, Changed);
        }

        RawModel Changed(int[] parameters) => Full(type, parameters: parameters);
    }

    private void AddSums()
    {
        const string Past = "has weights and a bias whose sum can leave 32 bits, in unit 11";
        Good("an int32 bias with room for the products", Biased(int.MaxValue - 255));
        Bad("an int32 bias with room for one less", Past, Biased(int.MaxValue - 254));
        Good("an int64 bias of 46 bits", Full(I16, (3, model => model.Longs([12], [.. new long[11], (1L << 46) - 1]))));
        Bad("an int64 bias of more", "has a bias outside 46 bits", Full(I16, (3, model => model.Longs([12], [.. new long[11], 1L << 46]))));

        // Of the last unit the weights are −1 and 1.
        static RawModel Biased(int bias) => Full(I8, (1, model => model.Bytes([12, 2], [.. new sbyte[22], -1, 1])), (3, model => model.Ints([12], [.. new int[11], bias])));
    }

    // One unit, one feature, two steps; 16384 is half of what sigmoid and tanh give at most.
    private static RawModel Unit(int[] parameters, bool firsts = false, int zero = 0)
    {
        var model = new RawModel();
        int x = model.Arena(I8, [2, 1, 1], 1f);
        int[] outputs = [model.Arena(I8, [2, 1, 1], 1f, zero), model.Arena(I8, [1, 1], 1f, zero), model.Arena(I16, [1, 1], 1f)];
        model.Input(x);
        Array.ForEach(outputs, output => model.Output(output));
        model.Op(
            Opcode.QuantizedLSTM,
            [
                x, model.Bytes([4, 1], 0, 0, 0, 0), model.Bytes([4, 1], 0, 0, 0, 0), model.Ints([4], 0, 0, 0, 1000),
                firsts ? model.Constant(I8, [1, 1], [5], 1f, zero) : -1, firsts ? model.Shorts([1, 1], 4000) : -1,
                model.Ints([1], 1 << 30), model.Shifts(1), model.Ints([1], 1 << 30), model.Shifts(1),
                model.Shorts([256], [.. Enumerable.Range(0, 256).Select(i => (short)(i < 2 ? 32768 : 49152))]),
            ],
            outputs,
            parameters);
        return model;
    }

    // Two steps of two rows, two features and three units; inputs at some positions are others.
    private static RawModel Full(TensorType type, params (int Position, Func<RawModel, int> Add)[] changes) => Full(type, null, null, 0, 0, changes);

    private static RawModel Full(TensorType type, int[]? shape = null, int[]? parameters = null, int zero = 0, int stateZero = 0) => Full(type, shape, parameters, zero, stateZero, []);

    private static RawModel Full(TensorType type, int[]? shape, int[]? parameters, int zero, int stateZero, (int Position, Func<RawModel, int> Add)[] changes) =>
        Layer(type, shape, parameters, zero, model => [model.Arena(type, [2, 2, 3], 1f, stateZero), model.Arena(type, [2, 3], 1f, stateZero), model.Arena(I16, [2, 3], 1f)], stateZero, changes);

    // One output is another, and the first state or cell of that scale is left out.
    private static RawModel Results(TensorType type, int output, TensorType outputType, int elements, float scale = 1f, int zero = 0, int first = 4)
    {
        (TensorType Type, int Elements)[] results = [(type, 12), (type, 6), (I16, 6)];
        results[output] = (outputType, elements);
        return Layer(
            type,
            null,
            null,
            0,
            model => [.. results.Select((result, i) => model.Arena(result.Type, [result.Elements], result.Type == I32 ? null : i == output ? scale : 1f, i == output ? zero : 0))],
            0,
            [(first, _ => -1)]);
    }

    private static RawModel Layer(TensorType type, int[]? shape, int[]? parameters, int zero, Func<RawModel, int[]> results, int stateZero, (int Position, Func<RawModel, int> Add)[] changes)
    {
        var model = new RawModel();
        int x = model.Arena(type, shape ?? [2, 2, 2], 1f, zero);
        model.Input(x);
        int[] outputs = results(model);
        model.Output(outputs[0]);
        Func<RawModel, int>[] inputs =
        [
            _ => x, _ => Zeros(model, 12, 2), _ => Zeros(model, 12, 3), _ => type == I8 ? model.Ints([12], new int[12]) : model.Longs([12], new long[12]),
            _ => Fed(model, type, 6, 1f, stateZero), _ => Fed(model, I16, 6),
            _ => model.Ints([1], 1 << 30), _ => model.Shifts(1), _ => model.Ints([1], 1 << 30), _ => model.Shifts(1), _ => model.Shorts([256], new short[256]),
        ];
        foreach ((int position, Func<RawModel, int> add) in changes)
        {
            inputs[position] = add;
        }

        Assert.Equal(Parameters, plain.Length);
        model.Op(Opcode.QuantizedLSTM, [.. inputs.Select(add => add(model))], outputs, parameters ?? plain);
        return model;
    }

    private static int Cube(RawModel model, TensorType type)
    {
        int tensor = model.Arena(type, [2, 2, 2]);
        model.Input(tensor);
        return tensor;
    }

    private static int Fed(RawModel model, TensorType type, int elements, float scale = 1f, int zero = 0)
    {
        int tensor = model.Arena(type, [elements], type == I32 ? null : scale, zero);
        model.Input(tensor);
        return tensor;
    }

    private static int Zeros(RawModel model, params int[] shape) => model.Bytes(shape, new sbyte[shape.Aggregate(1, (product, size) => product * size)]);

    private static int[] Repeated(int[] values, int count) => [.. Enumerable.Range(0, count).Select(i => values[Math.Min(i, values.Length - 1)])];
}

using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>What differs from QuantizedLSTM, whose rows hold the rest.</summary>
internal sealed class QuantizedRecurrentRuleRows : RuleRows
{
    private const int Steps = 2;

    // The state is 2^8 times coarser than the cell.
    private static readonly int[] after = [0, 1, 1 << 30, -22];

    protected override void Add()
    {
        AddResults();
        foreach (TensorType type in new[] { I8, I16 })
        {
            foreach (int cell in new[] { 0, 1, 2, 3 })
            {
                Prefix = $"{type}, cell {cell}: ";
                AddGates(type, cell);
                AddFactors(type, cell);
            }

            Prefix = $"{type}: ";
            Within("reverse", 0, 0, 1, after, parameters => Full(type, parameters));
            Within("output_multiplier", 2, 0, int.MaxValue, after, parameters => Full(type, parameters));
            Within("output_shift", 3, -31, 30, after, parameters => Full(type, parameters));
            Within("cell", 1, 0, 3, after, parameters => Full(type, parameters));
        }

        Prefix = "";
        AddSums();
        foreach (TensorType type in new[] { F32, I32 })
        {
            Bad($"{type}", "takes int8 or int16 of three dimensions", Full(I8, after, (0, model => Cube(model, type))));
        }
    }

    // The gate of the candidate is 1000 steps, and tanh 16384 there; the other gates are at 0, and sigmoid 16384, which is half.
    private void AddResults()
    {
        Good("reset before", Unit([0, 0, 1 << 30, -22], 1000), [0, 0], [32, 48, 48, 12288]);
        Good("reset after", Unit(after, 1000), [0, 0], [32, 48, 48, 12288]);
        Good("tanh", Unit([0, 2, 1 << 30, -22], 1000), [0, 0], [64, 64, 64, 16384]);
        Good("ReLU", Unit([0, 3, 1 << 30, -22], 1000), [0, 0], [4, 4, 4, 1000]);
        Good("ReLU below 0", Unit([0, 3, 1 << 30, -22], -1000), [0, 0], [0, 0, 0, 0]);
        Good("a bias of the state", Unit(after, 0, 1000), [0, 0], [32, 48, 48, 12288]);
        Good("no bias of the state", Unit(after, 0), [0, 0], [0, 0, 0, 0]);
        Good("from the last", Unit([1, 1, 1 << 30, -22], 1000), [0, 0], [48, 32, 48, 12288]);
        Good("a first cell", Unit(after, 1000, first: 16384), [0, 0], [64, 64, 64, 16384]);
    }

    private void AddGates(TensorType type, int cell)
    {
        int[] parameters = [0, cell, 1 << 30, -22];
        int rows = Units(cell);
        Good("all inputs", Full(type, parameters));
        Bad("a recurrent row more", "has recurrent weights for a different number of gates", Full(type, parameters, (2, model => Zeros(model, rows + 1, 3))));
        Bad("a recurrent row less", "has recurrent weights for a different number of gates", Full(type, parameters, (2, model => Zeros(model, rows - 1, 3))));
        foreach (int position in new[] { 3, 11 })
        {
            Good($"no bias in {position}", Full(type, parameters, (position, _ => -1)));
            Bad($"a bias of another type in {position}", $"input {position} is not a constant of the type that it needs", Full(type, parameters, (position, model => Bias(model, type == I8 ? I16 : I8, rows))));
            Bad($"a bias more in {position}", $"input {position} has {rows + 1} elements, expected {rows}", Full(type, parameters, (position, model => Bias(model, type, rows + 1))));
            Bad($"a bias less in {position}", $"input {position} has {rows - 1} elements, expected {rows}", Full(type, parameters, (position, model => Bias(model, type, rows - 1))));
        }
    }

    private void AddFactors(TensorType type, int cell)
    {
        int[] parameters = [0, cell, 1 << 30, -22];
        int highest = type == I8 ? 30 : 7;
        int rows = Units(cell);
        foreach (int position in new[] { 6, 8 })
        {
            foreach (int count in new[] { 1, rows })
            {
                Good($"{count} factors in {position}", Factored(count, int.MaxValue, highest));
                Good($"{count} least factors in {position}", Factored(count, 0, -31));
                Bad($"{count} negative factors in {position}", "has a negative multiplier", Factored(count, -1, 0));
                Bad($"{count} shifts of -32 after {position}", $"has a shift outside -31 to {highest}", Factored(count, 1, -32));
                Bad($"{count} shifts too high after {position}", $"has a shift outside -31 to {highest}", Factored(count, 1, highest + 1));
            }

            foreach (int count in new[] { 2, rows - 1, rows + 1 }.Distinct())
            {
                Bad($"{count} factors in {position}", "has multipliers for a different number of channels", Factored(count, 1, 0));
            }

            RawModel Factored(int count, int multiplier, int shift) => Full(
                type, parameters, (position, model => model.Ints([count], [.. Enumerable.Repeat(multiplier, count)])), (position + 1, model => model.Shifts([.. Enumerable.Repeat(shift, count)])));
        }
    }

    private void AddSums()
    {
        const string Past = "has weights and a bias whose sum can leave 32 bits, in unit 8";
        Good("an int32 bias of the input with room for the products", Biased(1, 3, 2, int.MaxValue - 255));
        Bad("an int32 bias of the input with room for one less", Past, Biased(1, 3, 2, int.MaxValue - 254));
        Good("an int32 bias of the state with room for the products", Biased(2, 11, 3, int.MaxValue - 255));
        Bad("an int32 bias of the state with room for one less", Past, Biased(2, 11, 3, int.MaxValue - 254));
        Good("an int64 bias of the state of 46 bits", Full(I16, after, (11, model => model.Longs([9], [.. new long[8], (1L << 46) - 1]))));
        Bad("an int64 bias of the state of more", "has a bias outside 46 bits", Full(I16, after, (11, model => model.Longs([9], [.. new long[8], 1L << 46]))));

        // Of the last unit the last two weights are −1 and 1.
        static RawModel Biased(int weights, int position, int depth, int bias) => Full(
            I8, after, (weights, model => model.Bytes([9, depth], [.. new sbyte[(9 * depth) - 2], -1, 1])), (position, model => model.Ints([9], [.. new int[8], bias])));
    }

    private static int Units(int cell) => cell < 2 ? 9 : 3;

    // One unit, one feature, two steps; 16384 is half of what sigmoid and tanh give at most.
    private static RawModel Unit(int[] parameters, int bias, int stateBias = 0, short first = 0)
    {
        var model = new RawModel();
        int gates = parameters[1] < 2 ? 3 : 1;
        int x = model.Arena(I8, [Steps, 1, 1], 1f);
        int[] outputs = [model.Arena(I8, [Steps, 1, 1], 1f), model.Arena(I8, [1, 1], 1f), model.Arena(I16, [1, 1], 1f)];
        model.Input(x);
        Array.ForEach(outputs, output => model.Output(output));
        model.Op(
            Opcode.QuantizedRecurrent,
            [
                x, Zeros(model, gates, 1), Zeros(model, gates, 1), model.Ints([gates], [.. new int[gates - 1], bias]), -1, first == 0 ? -1 : model.Shorts([1, 1], first),
                model.Ints([1], 1 << 30), model.Shifts(1), model.Ints([1], 1 << 30), model.Shifts(1),
                model.Shorts([256], [.. Enumerable.Range(0, 256).Select(i => (short)(i < 2 ? 32768 : 49152))]),
                stateBias == 0 ? -1 : model.Ints([gates], [.. new int[gates - 1], stateBias]),
            ],
            outputs,
            parameters);
        return model;
    }

    // Two steps of two rows, two features and three units; inputs at some positions are others.
    private static RawModel Full(TensorType type, int[] parameters, params (int Position, Func<RawModel, int> Add)[] changes)
    {
        var model = new RawModel();
        int rows = Units(parameters[1]);
        int x = model.Arena(type, [Steps, 2, 2], 1f);
        model.Input(x);
        int[] outputs = [model.Arena(type, [Steps, 2, 3], 1f), model.Arena(type, [2, 3], 1f), model.Arena(I16, [2, 3], 1f)];
        model.Output(outputs[0]);
        Func<RawModel, int>[] inputs =
        [
            _ => x, _ => Zeros(model, rows, 2), _ => Zeros(model, rows, 3), _ => Bias(model, type, rows), _ => Fed(model, type, 6), _ => Fed(model, I16, 6),
            _ => model.Ints([1], 1 << 30), _ => model.Shifts(1), _ => model.Ints([1], 1 << 30), _ => model.Shifts(1), _ => model.Shorts([256], new short[256]), _ => Bias(model, type, rows),
        ];
        foreach ((int position, Func<RawModel, int> add) in changes)
        {
            inputs[position] = add;
        }

        model.Op(Opcode.QuantizedRecurrent, [.. inputs.Select(add => add(model))], outputs, parameters);
        return model;
    }

    private static int Bias(RawModel model, TensorType type, int count) => type == I8 ? model.Ints([count], new int[count]) : model.Longs([count], new long[count]);

    private static int Cube(RawModel model, TensorType type)
    {
        int tensor = model.Arena(type, [Steps, 2, 2]);
        model.Input(tensor);
        return tensor;
    }

    private static int Fed(RawModel model, TensorType type, int elements)
    {
        int tensor = model.Arena(type, [elements], 1f);
        model.Input(tensor);
        return tensor;
    }

    private static int Zeros(RawModel model, params int[] shape) => model.Bytes(shape, new sbyte[shape.Aggregate(1, (product, size) => product * size)]);
}

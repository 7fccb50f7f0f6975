using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;
using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.Runtime.Tests.Reference;

/// <summary>One operator with its inputs and parameters, and what its outputs look like.</summary>
internal sealed class OperatorRow(Opcode opcode, string name, Values?[] inputs, Values[] outputs, params (string Name, double Value)[] parameters)
{
    private const int Alignment = 64;

    internal Opcode Opcode { get; } = opcode;

    internal string Name { get; } = name;

    internal Values?[] Inputs { get; } = inputs;

    internal Values[] Outputs { get; } = outputs;

    internal (string Name, double Value)[] Parameters { get; } = parameters;

    /// <summary>How far a float32 output may be from the definition, as a part of it.</summary>
    internal double Relative { get; init; } = 1e-6;

    /// <summary>How far it may be besides: the rounding of terms that cancel.</summary>
    internal double Absolute { get; init; } = 1e-6;

    /// <summary>The same on nanoFramework's engine, whose functions are its own.</summary>
    internal double NanoRelative { get; init; } = 1e-6;

    internal double NanoAbsolute { get; init; } = 1e-6;

    internal TensorType Type => Inputs[0]!.Type;

    internal IEnumerable<Values> Fed => Inputs.OfType<Values>().Where(input => !input.IsConstant);

    internal Values In(int index) => Inputs[index]!;

    internal bool Has(int index) => index < Inputs.Length && Inputs[index] is not null;

    internal double Parameter(string name, double absent = 0)
    {
        foreach ((string key, double value) in Parameters)
        {
            if (key == name)
            {
                return value;
            }
        }

        return absent;
    }

    internal int Int(string name, int absent = 0) => (int)Parameter(name, absent);

    /// <summary>The same row with other numbers in what the caller feeds.</summary>
    internal OperatorRow Fill(Func<Values, double[]> data) =>
        new(Opcode, Name, [.. Inputs.Select(input => input is null || input.IsConstant ? input : input.With(data(input)))], Outputs, Parameters)
        {
            Relative = Relative,
            Absolute = Absolute,
            NanoRelative = NanoRelative,
            NanoAbsolute = NanoAbsolute,
        };

    /// <summary>Whether an output may take the place of an input.</summary>
    internal bool WorksInPlace => Enumerable.Range(0, Outputs.Length).Any(output => Replaced(output) >= 0);

    /// <summary>The same row on numbers that leave something behind: sums that float32 does not hold, codes near one end.</summary>
    internal OperatorRow Other() => Fill(input => [.. Enumerable.Range(0, input.Elements).Select(i =>
        input.Type == TensorType.Float32 ? (float)(i % 5 == 3 ? 3e7 : 0.1 * (i + 1)) : 77.0 + (i % 3))]);

    /// <summary>A model of this operator alone.</summary>
    /// <param name="inPlace">Whether outputs take the place of inputs where they may.</param>
    internal byte[] Model(bool inPlace = false)
    {
        OperatorInfo info = OperatorTable.Find((int)Opcode);
        foreach ((string name, _) in Parameters)
        {
            Assert.True(Array.IndexOf(info.Parameters, name) >= 0 || Array.IndexOf(info.Parameters, name + "(f)") >= 0, $"{Opcode} has no parameter {name}.");
        }

        var builder = new ModelBuilder();
        int place = 0;
        int Next(Values tensor)
        {
            int offset = place;
            place += ((tensor.Elements * TensorTypes.SizeOf(tensor.Type)) + Alignment - 1) / Alignment * Alignment;
            return offset;
        }

        var indices = new List<int>();
        var offsets = new List<int>();
        foreach (Values? input in Inputs)
        {
            offsets.Add(place);
            if (input is null)
            {
                indices.Add(-1);
            }
            else if (input.IsConstant)
            {
                indices.Add(builder.AddConstant(input.Type, input.Shape, input.Bytes(), input.Quantization));
            }
            else
            {
                int tensor = builder.AddTensor(input.Type, input.Shape, Next(input), input.Quantization);
                builder.AddInput(tensor);
                indices.Add(tensor);
            }
        }

        if (!Fed.Any())
        {
            // A model takes something, whether it is needed or not.
            builder.AddInput(builder.AddTensor(TensorType.Float32, [1], place));
            place += Alignment;
        }

        int[] outputs = [.. Outputs.Select((output, i) => builder.AddTensor(output.Type, output.Shape, inPlace && Replaced(i) >= 0 ? offsets[Replaced(i)] : Next(output), output.Quantization))];
        int[] numbers = [.. info.Parameters.Select((name, i) => info.IsFloat(i) ? BitConverter.SingleToInt32Bits((float)Parameter(name[..^3])) : Int(name))];
        builder.AddOperator(Opcode, [.. indices], outputs, numbers);
        Array.ForEach(outputs, output => builder.AddOutput(output));
        return builder.Build();
    }

    private int Replaced(int output) => Array.FindIndex(Inputs, input => input is { IsConstant: false }
        && input.Type == Outputs[output].Type && input.Elements == Outputs[output].Elements
        && InPlaceRule.Allows(Opcode, Array.IndexOf(Inputs, input), output));

    /// <summary>Where outputs are not what the definition says: nothing if all is right.</summary>
    internal string? Difference(double[][] expected, double[][] actual, bool nano)
    {
        for (int o = 0; o < expected.Length; o++)
        {
            if (expected[o].Length != actual[o].Length)
            {
                return $"output {o} has {actual[o].Length} elements, not {expected[o].Length}";
            }

            bool real = Outputs[o].Type == TensorType.Float32;
            for (int i = 0; i < expected[o].Length; i++)
            {
                double wanted = real ? (float)expected[o][i] : expected[o][i];
                double got = actual[o][i];
                double room = !real ? 0 : nano ? NanoAbsolute + (NanoRelative * Math.Abs(wanted)) : Absolute + (Relative * Math.Abs(wanted));
                if (!(wanted == got || (double.IsNaN(wanted) && double.IsNaN(got)) || Math.Abs(wanted - got) <= room) || (double.IsInfinity(wanted) && wanted != got))
                {
                    return $"output {o}, element {i} is {got:R}, not {wanted:R}";
                }
            }
        }

        return null;
    }
}

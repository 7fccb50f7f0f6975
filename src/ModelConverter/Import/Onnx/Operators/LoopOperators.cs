using EdgeInference.ModelConverter.Graphs;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Loops whose number of rounds is known at import: the body once for each round, one after the other.</summary>
internal static class LoopOperators
{
    // Each round adds the body's operators to the model.
    private const int MaxRounds = 256;

    internal static readonly OnnxOperatorRow[] Rows =
    [
        new("Loop", Loop),
        new("Scan", Scan),
    ];

    private static void Loop(OnnxNodeContext call)
    {
        OnnxLoopBody body = Body(call);
        int carried = call.InputCount - 2;
        if (carried < 0 || body.Inputs != carried + 2 || body.Outputs < carried + 1 || call.OutputCount > body.Outputs - 1)
        {
            throw call.Fault("has a body whose inputs or outputs do not match its own");
        }

        float rounds = call.Has(0) ? call.ScalarConstant(0) : float.PositiveInfinity;
        bool goOn = !call.Has(1) || call.ScalarConstant(1) != 0f;
        OnnxOperand[] state = [.. Enumerable.Range(2, carried).Select(call.Operand)];
        var collected = new List<OnnxOperand[]>();
        for (int round = 0; goOn && round < rounds; round++)
        {
            if (round == MaxRounds)
            {
                throw call.Fault($"runs more than {MaxRounds} rounds, and each is unrolled; export the model without the loop");
            }

            OnnxOperand number = new(Value.Constant($"{call.Node.Title}.round", [(float)round]), OnnxElementType.Int64);
            OnnxOperand condition = new(Value.Constant($"{call.Node.Title}.condition", [1f]), OnnxElementType.Bool);
            OnnxOperand[] results = body.Convert(round, [number, condition, .. state]);
            goOn = results[0].Value.Data is float[] { Length: 1 } known ? known[0] != 0f : throw call.Fault("has an end condition that depends on the model's input");
            state = results[1..(carried + 1)];
            collected.Add(results[(carried + 1)..]);
        }

        for (int i = 0; i < carried; i++)
        {
            call.Output(i, state[i]);
        }

        for (int i = carried; i < call.OutputCount; i++)
        {
            Collect(call, i, [.. collected.Select(results => results[i - carried])], 0);
        }
    }

    private static void Scan(OnnxNodeContext call)
    {
        if (call.Opset < 9)
        {
            throw call.Fault("needs opset 9 or later; export the model with a newer opset");
        }

        OnnxLoopBody body = Body(call);
        int scanned = checked((int)call.Int("num_scan_inputs"));
        int carried = call.InputCount - scanned;
        if (scanned < 1 || carried < 0 || body.Inputs != call.InputCount || body.Outputs != call.OutputCount || call.OutputCount < carried)
        {
            throw call.Fault("has a body whose inputs or outputs do not match its own");
        }

        OnnxOperand[] state = [.. Enumerable.Range(0, carried).Select(call.Operand)];
        OnnxOperand[] sequences = [.. Enumerable.Range(carried, scanned).Select(call.Operand)];
        int[] axes = [.. List(call, "scan_input_axes", scanned).Select((axis, i) => call.Axis(axis, sequences[i].Rank))];
        long[] backwards = List(call, "scan_input_directions", scanned);
        long[] outputAxes = List(call, "scan_output_axes", call.OutputCount - carried);
        long[] outputBackwards = List(call, "scan_output_directions", call.OutputCount - carried);
        int rounds = sequences[0].Shape[axes[0]];
        if (sequences.Where((sequence, i) => sequence.Shape[axes[i]] != rounds).Any())
        {
            throw call.Fault("reads sequences of different lengths");
        }

        bool plain = Array.TrueForAll(axes, axis => axis == 0) && Array.TrueForAll(outputAxes, axis => axis == 0)
            && Array.TrueForAll([.. backwards, .. outputBackwards], direction => direction == 0);
        if (plain && body.ConvertRows(state, sequences) is { } all)
        {
            for (int i = 0; i < all.Length; i++)
            {
                call.Output(i, all[i]);
            }

            return;
        }

        if (rounds > MaxRounds)
        {
            throw call.Fault($"runs {rounds} rounds, and each is unrolled; at most {MaxRounds} are supported");
        }

        var collected = new List<OnnxOperand[]>();
        for (int round = 0; round < rounds; round++)
        {
            OnnxOperand[] elements = [.. sequences.Select((sequence, i) => Element(call, sequence, axes[i], backwards[i] == 0 ? round : rounds - 1 - round))];
            OnnxOperand[] results = body.Convert(round, [.. state, .. elements]);
            state = results[..carried];
            collected.Add(results[carried..]);
        }

        for (int i = 0; i < call.OutputCount; i++)
        {
            if (i < carried)
            {
                call.Output(i, state[i]);
                continue;
            }

            IEnumerable<OnnxOperand> parts = collected.Select(results => results[i - carried]);
            Collect(call, i, [.. outputBackwards[i - carried] == 0 ? parts : parts.Reverse()], outputAxes[i - carried]);
        }
    }

    private static OnnxLoopBody Body(OnnxNodeContext call) => new(call, call.Subgraph("body") ?? throw call.Fault("is missing its body"));

    private static long[] List(OnnxNodeContext call, string name, int count)
    {
        long[] values = call.Ints(name) ?? new long[count];
        return values.Length == count ? values : throw call.Fault($"has {values.Length} numbers for '{name}', expected {count}");
    }

    private static OnnxOperand Element(OnnxNodeContext call, OnnxOperand sequence, int axis, int place)
    {
        int[] shape = [.. sequence.Shape[..axis], .. sequence.Shape[(axis + 1)..]];
        return sequence with { Value = call.Builder.Reshape(call.Builder.Slice(sequence.Value, axis, place, 1), shape) };
    }

    // What each round gave, along its own axis.
    private static void Collect(OnnxNodeContext call, int output, OnnxOperand[] parts, long axis)
    {
        if (!call.Wants(output))
        {
            return;
        }

        if (parts.Length == 0)
        {
            throw call.Fault("runs no round but collects outputs");
        }

        int place = call.Axis(axis, parts[0].Rank + 1);
        Value[] each = Array.ConvertAll(parts, part => call.Builder.Reshape(part.Value, [.. part.Shape[..place], 1, .. part.Shape[place..]]));
        call.Output(output, parts[0] with { Value = call.Builder.Concat(place, each) });
    }
}

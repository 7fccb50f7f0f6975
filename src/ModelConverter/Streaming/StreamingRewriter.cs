using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelConverter.Quantize;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.ModelConverter.Streaming;

/// <summary>
/// One attempt to rewrite a graph for a few frames a call, with the frames of the input on a given axis. It follows them
/// through every node; a node that mixes frames in a way that needs all of them ends the attempt.
/// </summary>
internal sealed class StreamingRewriter : IFrameRewriter
{
    private readonly Graph source;
    private readonly Dictionary<Value, Value> twins = [];
    private readonly Dictionary<Value, TimeAxis> axes = [];
    private Value? started;

    /// <param name="source">The graph with the whole sequence.</param>
    /// <param name="sequence">Its input.</param>
    /// <param name="axis">Where that holds its frames.</param>
    /// <param name="steps">Frames of the whole sequence.</param>
    /// <param name="frames">Frames a call.</param>
    internal StreamingRewriter(Graph source, Value sequence, TimeAxis axis, int steps, int frames)
    {
        this.source = source;
        Steps = steps;
        Frames = frames;
        Target = new Graph { Metadata = source.Metadata };
        Target.Inputs.Add(Twin(sequence, axis));
    }

    public int Steps { get; }

    public int Frames { get; }

    /// <summary>The graph under construction.</summary>
    internal Graph Target { get; }

    /// <summary>Nodes that could be rewritten.</summary>
    internal int Reached { get; private set; }

    /// <summary>Why the attempt ended, empty if it did not.</summary>
    internal string Fault { get; private set; } = "";

    /// <summary>Rewrites all nodes; false if one cannot be.</summary>
    internal bool Run()
    {
        foreach (Node node in source.Nodes)
        {
            string? problem = Rewrite(node);
            if (problem is not null)
            {
                Fault = $"{node} {problem}";
                return false;
            }

            Reached++;
        }

        foreach (Value output in source.Outputs)
        {
            if (!twins.TryGetValue(output, out Value? twin))
            {
                Fault = $"its output '{output.Name}' is an initial state or a constant";
                return false;
            }

            Target.Outputs.Add(twin);
        }

        if (started is not null)
        {
            Value one = Value.Constant(started.Name + ".one", [1f], 1);
            Target.Nodes.Add(Plain(Opcode.Slice, started.Name, [one], started).With(SliceRule.Step, 1));
        }

        return true;
    }

    private string? Rewrite(Node node)
    {
        OperatorDefinition definition = OperatorDefinitions.Of(node.Opcode);
        Value[] moving = [.. node.Inputs.OfType<Value>().Where(axes.ContainsKey)];
        if (moving.Length == 0)
        {
            // What only leads to a first state has no twin, and needs none.
            bool known = node.Inputs.TrueForAll(input => input is null || input.IsConstant || twins.ContainsKey(input));
            if (definition.IsRecurrent)
            {
                return "reads a sequence that is not the model's input";
            }

            if (known)
            {
                CopyFrames(node, null);
            }

            return null;
        }

        return definition.Stream(this, node, new MovingInput(moving[0], axes[moving[0]]));
    }

    public string? Recurrent(Node node, int reverse)
    {
        TimeAxis? time = axes.TryGetValue(node.Input(0), out TimeAxis found) ? found : null;
        if (time != new TimeAxis(0, 1) || node.Input(0).Shape[0] != Steps)
        {
            return "does not read the frames of the model's input in order";
        }

        if (node.Parameters[reverse] != 0)
        {
            return "runs backward from the end of the sequence, which a stream does not have";
        }

        var inputs = new List<Value?>(node.Inputs.Select(input => input is { IsConstant: true } ? input : input is null ? null : twins.GetValueOrDefault(input)));
        var outputs = new List<Value> { Twin(node.Output, new TimeAxis(0, 1)) };
        for (int i = 1; i < node.Outputs.Count; i++)
        {
            int position = RecurrentRule.FirstState + i - 1;
            Value first = node.Outputs[i];
            var state = new Value($"{node.Name}.{(i == 1 ? "state" : "cell")}", first.Type, first.Shape) { IsState = true, Quantization = first.Quantization };
            while (inputs.Count <= position)
            {
                inputs.Add(null);
            }

            Value? initial = node.InputOrNull(position);
            if (initial is { IsConstant: false } && twins.ContainsKey(initial))
            {
                return "begins with a state that the model computes";
            }

            inputs[position] = initial is { IsConstant: true } ? Started(state, initial) : state;
            twins[first] = state;
            outputs.Add(state);
        }

        Add(node, inputs, outputs);
        return null;
    }

    // States are zero after a reset: another number is chosen in their place in the first call.
    private Value Started(Value state, Value initial)
    {
        started ??= new Value("started", TensorType.Float32, 1) { IsState = true };
        var chosen = new Value(state.Name + ".first", TensorType.Float32, state.Shape);
        Value constant = Value.Constant(initial.Name, initial.Floats, state.Shape);
        Target.Nodes.Add(Plain(Opcode.Where, chosen.Name, [started, state, constant], chosen));
        return chosen;
    }

    public string? Broadcast(Node node)
    {
        int rank = node.Output.Shape.Length;
        TimeAxis? time = null;
        foreach (Value input in node.Inputs.OfType<Value>().Where(axes.ContainsKey))
        {
            TimeAxis own = axes[input];
            var aligned = own with { Axis = own.Axis + rank - input.Shape.Length };
            if (time is not null && time != aligned)
            {
                return "mixes the frames of the sequence";
            }

            time = aligned;
        }

        var inputs = new List<Value?>();
        foreach (Value? input in node.Inputs)
        {
            if (input is null || axes.ContainsKey(input))
            {
                inputs.Add(input is null ? null : twins[input]);
                continue;
            }

            if (!input.IsConstant)
            {
                return "joins frames with data known only at the end of the sequence";
            }

            if (Cut(input, time!.Value with { Axis = time.Value.Axis - rank + input.Shape.Length }) is not { } part)
            {
                return "has a number for each frame";
            }

            inputs.Add(part);
        }

        Add(node, inputs, [Twin(node.Output, time)]);
        return null;
    }

    // A constant that is the same for all frames, in as many frames as a call has.
    private Value? Cut(Value constant, TimeAxis time)
    {
        if (time.Axis < 0 || constant.Shape[time.Axis] == 1)
        {
            return constant;
        }

        int inner = constant.Shape.Skip(time.Axis + 1).Aggregate(time.Width, (product, size) => product * size);
        int outer = constant.Elements / (inner * Steps);
        Array data = constant.Data!;
        var part = Array.CreateInstance(data.GetType().GetElementType()!, outer * Frames * inner);
        for (int i = 0; i < constant.Elements; i++)
        {
            if (!data.GetValue(i)!.Equals(data.GetValue((i / (inner * Steps) * inner * Steps) + (i % inner))))
            {
                return null;
            }
        }

        for (int i = 0; i < part.Length; i++)
        {
            part.SetValue(data.GetValue((i / (inner * Frames) * inner * Steps) + (i % inner)), i);
        }

        return new Value(constant.Name, constant.Type, time.Resize(constant.Shape, Frames)) { Data = part, Quantization = constant.Quantization };
    }

    public string? Causal(Node node, TimeAxis time, int span)
    {
        Value x = twins[node.Input(0)];
        int[] before = [.. x.Shape];
        before[time.Axis] = span;
        int[] together = [.. x.Shape];
        together[time.Axis] += span;
        string name = node.Name + ".frames";
        Value Make(string suffix, int[] shape, bool state = false) => new(name + suffix, x.Type, shape) { Quantization = x.Quantization, IsState = state };

        Value state = Make("", before, state: true);
        Value joined = Make(".joined", together);
        int zero = x.Quantization?.ZeroPoint ?? 0;
        Value past = Shift(state, zero, Make(".past", before));
        Target.Nodes.Add(Plain(Opcode.Concat, name, [past, x], joined).With(ConcatRule.Axis, time.Axis));
        Value end = zero == 0 ? state : Make(".end", before);
        Node slice = Plain(Opcode.Slice, name, [joined], end);
        for (int axis = 0; axis < before.Length; axis++)
        {
            slice.With(SliceRule.Start + axis, axis == time.Axis ? Frames : 0).With(SliceRule.Step + axis, 1);
        }

        Target.Nodes.Add(slice);
        if (zero != 0)
        {
            Shift(end, -zero, state);
        }

        Add(node, [joined, .. node.Inputs.Skip(1)], [Twin(node.Output, time)]).With(ConvRule.Pad + time.Axis - 1, 0);
        return null;
    }

    // A state is zero bytes after a reset, where an int8 tensor's zero is its zero point.
    private Value Shift(Value value, int offset, Value target)
    {
        if (offset == 0)
        {
            return value;
        }

        Value table = Value.Constant(target.Name + ".table", IntegerTable.ToInt8(x => unchecked((sbyte)(x + offset))), 256);
        Target.Nodes.Add(Plain(Opcode.Table, target.Name, [value, table], target));
        return target;
    }

    public string? Copy(Node node, TimeAxis time) => CopyFrames(node, time);

    public Value Rewritten(Value value) => twins[value];

    public void Become(Value value, Value rewritten) => twins[value] = rewritten;

    public void AddReshape(string name, Value input, Value output) => Target.Nodes.Add(Plain(Opcode.Reshape, name, [input], output));

    private string? CopyFrames(Node node, TimeAxis? time)
    {
        Add(node, node.Inputs.Select(input => input is null || input.IsConstant ? input : twins[input]), [.. node.Outputs.Select(output => Twin(output, time))]);
        return null;
    }

    public Node Add(Node node, IEnumerable<Value?> inputs, IEnumerable<Value> outputs)
    {
        Node twin = Plain(node.Opcode, node.Name, inputs, [.. outputs]);
        node.Parameters.CopyTo(twin.Parameters, 0);
        Target.Nodes.Add(twin);
        return twin;
    }

    private static Node Plain(Opcode opcode, string name, IEnumerable<Value?> inputs, params Value[] outputs) => new(opcode, name, inputs, outputs);

    public Value Twin(Value value, TimeAxis? time)
    {
        int[] shape = [.. value.Shape];
        if (time is { } axis)
        {
            shape = axis.Resize(shape, Frames);
            axes[value] = axis;
        }

        var twin = new Value(value.Name, value.Type, shape) { Quantization = value.Quantization };
        twins[value] = twin;
        return twin;
    }
}

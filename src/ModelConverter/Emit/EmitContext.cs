using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EdgeInference.ModelConverter.Operators;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>
/// The code of a model while it is written: statements go into methods, methods into assemblies. Either the whole model is one
/// method and every element a local, or elements live in arrays and methods are closed as they fill up.
/// </summary>
internal sealed class EmitContext
{
    /// <summary>nanoFramework counts the locals of a method in a byte; Debug builds keep every one of them.</summary>
    internal const int MaxLocals = 230;

    /// <summary>A method's IL stays well below where branches and the 64 KiB of an assembly become a problem.</summary>
    internal const int MaxMethodBytes = 28_000;

    /// <summary>A loop's branch reaches over 32,767 bytes.</summary>
    internal const int MaxBranchBytes = 32_000;

    /// <summary>An assembly has 65,535 bytes of IL in all; a little is left for what the compiler adds.</summary>
    internal const int MaxAssemblyBytes = 62_000;

    /// <summary>Array initialisers share one table of 64 KiB and fail silently above it.</summary>
    internal const int MaxConstantBytes = 60_000;

    // Elements that are written one by one where loops are possible too.
    private const int MostUnrolled = 24;

    private readonly ModelFile file;
    private readonly Dictionary<int, ValueRange> ranges = [];
    private readonly Dictionary<int, int> roots = [];
    private readonly HashSet<string> declared = [];
    private readonly List<EmittedPart> parts = [new()];
    private readonly Dictionary<string, int> methodCounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> stageInstructions = new(StringComparer.Ordinal);
    private double comparisons;
    private readonly StringBuilder locals = new();
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly List<long> loops = [];
    private readonly ArrayPlan? arrays;
    private EmitStage stage;
    private StringBuilder body = new();
    private int bytes;

    /// <param name="file">The model.</param>
    /// <param name="isStaged">Whether elements live in arrays.</param>
    /// <param name="arrays">Which of them share one, where loops go over tensors; else null.</param>
    internal EmitContext(ModelFile file, bool isStaged, ArrayPlan? arrays = null)
    {
        this.file = file;
        IsStaged = isStaged;
        this.arrays = arrays;
        stage = new EmitStage(EmitStage.Step, file.Inputs, file.Outputs, file.Operators);
        foreach (OperatorRecord record in file.Operators.Where(record => OperatorDefinitions.Of(record.Info.Opcode).IsView && record.Inputs[0].Storage != TensorStorage.Constant))
        {
            roots[record.Outputs[0].Index] = Root(record.Inputs[0].Index);
        }
    }

    /// <summary>Whether elements live in arrays, so that methods can end anywhere between two writes.</summary>
    internal bool IsStaged { get; }

    /// <summary>Instructions that one inference executes, estimated.</summary>
    internal long Instructions => Sum(prefix => prefix != EmitStage.Scale);

    /// <summary>The same from counts to the decision, where there is a stage that scales them; else 0.</summary>
    internal long CountInstructions => stageInstructions.ContainsKey(EmitStage.Scale) ? Sum(prefix => prefix is EmitStage.Scale or EmitStage.Step) : 0;

    /// <summary>Of these, comparisons that take more time than other instructions; only those of trees are counted.</summary>
    internal long Comparisons => (long)comparisons;

    /// <summary>Whether a method has more locals or bytes than one may have and elements must live in arrays.</summary>
    internal bool IsTooLarge { get; private set; }

    /// <summary>Why an operator cannot be emitted, which shows only while it is; null where nothing is in the way.</summary>
    internal string? Obstacle { get; set; }

    /// <summary>Whether a method with a loop has more than its branches reach over, or more locals than one may have.</summary>
    internal bool HasImpossible { get; private set; }

    /// <summary>Whether an operator goes over its tensors in loops, and they must live in arrays.</summary>
    internal bool NeedsArrays { get; private set; }

    /// <summary>The layers whose weights may stand in the code or in arrays.</summary>
    internal List<WeightMatrix> Matrices { get; } = [];

    /// <summary>Whether a function of EdgeInference.Nano is called.</summary>
    internal bool NeedsEngine { get; set; }

    /// <summary>Whether a number is compared with itself, the test for NaN that a compiler warns of.</summary>
    internal bool ComparesItself { get; set; }

    internal List<EmittedPart> Parts => parts;

    /// <summary>Bytes of a constant tensor.</summary>
    internal ReadOnlySpan<byte> Data(TensorInfo tensor) => file.Bytes.Memory.Span.Slice(tensor.Offset, tensor.Bytes);

    internal ReadOnlySpan<T> Data<T>(TensorInfo tensor)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(Data(tensor));

    /// <summary>What the elements of a quantized tensor can be, as far as the operators before say.</summary>
    internal ValueRange Range(TensorInfo tensor) => ranges.TryGetValue(Root(tensor.Index), out ValueRange range) ? range : Limits(tensor.Type);

    internal void SetRange(TensorInfo tensor, ValueRange range) => ranges[Root(tensor.Index)] = range;

    /// <summary>Whether elements from <paramref name="start"/> on are still to be loaded in the open method, and how many.</summary>
    internal int Missing(TensorInfo tensor, int start, int count) =>
        Enumerable.Range(start, count).Count(index => !declared.Contains(Element(Root(tensor.Index), index)));

    /// <summary>Whether tensors live in arrays that loops go over; where not, the model is to be written again so.</summary>
    internal bool HasArrays()
    {
        NeedsArrays |= arrays is null;
        return arrays is not null;
    }

    /// <summary>Whether a tensor of so many elements is gone through in a loop.</summary>
    internal bool Loops(int elements) => arrays is not null && elements > MostUnrolled;

    /// <summary>Whether a layer's weights lie in arrays.</summary>
    /// <param name="record">The layer.</param>
    /// <param name="bytes">Bytes of IL that they take in the code.</param>
    /// <param name="products">Products of an inference.</param>
    internal bool IsPacked(OperatorRecord record, long bytes, long products)
    {
        Matrices.Add(new WeightMatrix(record, bytes, products));
        return arrays is not null && arrays.Packed.Contains(record);
    }

    /// <summary>A number for a key, the same each time.</summary>
    internal int Number(string key)
    {
        numbers.TryAdd(key, numbers.Count);
        return numbers[key];
    }

    /// <summary>The array that a tensor is read from, and where it begins there.</summary>
    internal ArrayPlace Source(TensorInfo tensor)
    {
        if (tensor.Storage == TensorStorage.Constant)
        {
            string name = $"K{tensor.Index}";
            return new ArrayPlace(Local(ElementType(tensor.Type), tensor.Type switch
            {
                TensorType.Float32 => Floats(name, Data<float>(tensor)),
                TensorType.Int8 => Table(name, "sbyte", Data<sbyte>(tensor)),
                _ => Table(name, "short", Data<short>(tensor)),
            }), 0);
        }

        int root = Root(tensor.Index);
        int from = 0;
        foreach (TensorInfo input in stage.Inputs)
        {
            if (Root(input.Index) == root)
            {
                return new ArrayPlace("input", from);
            }

            from += input.Elements;
        }

        return new ArrayPlace(ArrayName(root, tensor.Type), 0);
    }

    /// <summary>The array that a tensor is written to, and where it begins there.</summary>
    internal ArrayPlace Target(TensorInfo tensor)
    {
        int root = Root(tensor.Index);
        return OutputPlace(root) is { } place ? new ArrayPlace("output", place) : new ArrayPlace(ArrayName(root, tensor.Type), 0);
    }

    /// <summary>Begins a loop: a line and a brace.</summary>
    /// <param name="header">For, while or if.</param>
    /// <param name="trips">How often its body runs.</param>
    /// <param name="instructions">Instructions of the header for each of them.</param>
    /// <param name="size">Bytes of IL of the header.</param>
    internal void BeginLoop(string header, long trips, int instructions = 8, int size = 24)
    {
        Add(header, (int)(instructions * trips), size);
        Add("{", 0, 0);
        loops.Add(trips);
    }

    /// <summary>Ends the innermost loop.</summary>
    internal void EndLoop()
    {
        loops.RemoveAt(loops.Count - 1);
        Add("}", 0, 0);
    }

    /// <summary>Begins a stage with its own method.</summary>
    internal void Begin(EmitStage next)
    {
        CloseMethod();
        stage = next;
    }

    /// <summary>Copies what the caller wants and no operator wrote in place.</summary>
    internal void CopyOutputs()
    {
        int to = 0;
        foreach (TensorInfo output in stage.Outputs)
        {
            if (Loops(output.Elements) && OutputPlace(Root(output.Index)) != to)
            {
                CloseMethod();
                ArrayPlace source = Source(output);
                Add($"Array.Copy({source.Name}, {source.Offset}, output, {to}, {output.Elements});", 20, 30);
                to += output.Elements;
                continue;
            }

            for (int i = 0; i < output.Elements; i++)
            {
                if (OutputTarget(Root(output.Index), i) != $"output[{to + i}]")
                {
                    Room(20, 2);
                    string cast = output.Type switch { TensorType.Float32 => "", TensorType.Int8 => "(sbyte)", _ => "(short)" };
                    Add($"output[{to + i}] = {cast}{Read(output, i)};", 5, 9);
                }
            }

            to += output.Elements;
        }
    }

    /// <summary>An element as an expression: long for integers, float for float32. Loads it into a local first where it is in an array.</summary>
    internal string Read(TensorInfo tensor, int index)
    {
        if (tensor.Storage == TensorStorage.Constant)
        {
            return tensor.Type == TensorType.Float32 ? Literal.Of(Data<float>(tensor)[index]) : throw new InvalidOperationException("Integer constants are read by their operators.");
        }

        int root = Root(tensor.Index);
        string name = Element(root, index);
        if (declared.Add(name))
        {
            string type = tensor.Type == TensorType.Float32 ? "float" : "long";
            Add($"{type} {name} = {Source(root, index)};", 5, 9);
        }

        return name;
    }

    /// <summary>The same without a local where it is in an array.</summary>
    internal string ReadInPlace(TensorInfo tensor, int index)
    {
        int root = Root(tensor.Index);
        return declared.Contains(Element(root, index)) ? Element(root, index) : Source(root, index);
    }

    /// <summary>Whether an element is a local already.</summary>
    internal bool IsLocal(TensorInfo tensor, int index) => declared.Contains(Element(Root(tensor.Index), index));

    /// <summary>Locals that the open method has room for.</summary>
    internal int FreeLocals => MaxLocals - declared.Count;

    /// <summary>Stores an element.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="index">The element.</param>
    /// <param name="expression">A float for float32, a long for integers.</param>
    /// <param name="instructions">Instructions of the expression.</param>
    /// <param name="size">Bytes of IL of the expression.</param>
    /// <param name="isNarrow">Whether an integer expression has the tensor's own type already.</param>
    internal void Write(TensorInfo tensor, int index, string expression, int instructions, int size, bool isNarrow = false)
    {
        int root = Root(tensor.Index);
        string? target = OutputTarget(root, index) ?? (IsStaged ? $"{ArrayName(root, tensor.Type)}[{index}]" : null);
        if (target is null)
        {
            declared.Add(Element(root, index));
            Add($"{(tensor.Type == TensorType.Float32 ? "float" : "long")} {Element(root, index)} = {expression};", instructions + 1, size + 3);
            return;
        }

        Store(target, tensor.Type, expression, instructions, size, isNarrow);
    }

    /// <summary>Stores an expression in an element of an array.</summary>
    internal void Store(string target, TensorType type, string expression, int instructions, int size, bool isNarrow = false)
    {
        string cast = type switch
        {
            TensorType.Float32 => "",
            _ when isNarrow => "",
            TensorType.Int8 => "(sbyte)",
            _ => "(short)",
        };
        Add($"{target} = {(cast.Length > 0 ? $"{cast}({expression})" : expression)};", instructions + 4, size + 12);
    }

    /// <summary>What a line within the open loops is moved in by, besides that of a method.</summary>
    internal string Indent => new(' ', 4 * loops.Count);

    /// <summary>Declares a local once in a method, and gives what to write before its first assignment.</summary>
    internal string Declare(string type, string name)
    {
        if (!declared.Add(name))
        {
            return "";
        }

        if (loops.Count == 0)
        {
            return type + " ";
        }

        locals.Append(CultureInfo.InvariantCulture, $"            {type} {name};\n");
        return "";
    }

    /// <summary>Adds a statement.</summary>
    internal void Add(string statement, long instructions, int size)
    {
        body.Append(' ', 12 + (4 * loops.Count)).Append(statement).Append('\n');
        Cost(instructions, size);
    }

    /// <summary>Counts what statements without a cost of their own take together.</summary>
    internal void Cost(long instructions, int size)
    {
        stageInstructions[stage.Prefix] = stageInstructions.GetValueOrDefault(stage.Prefix) + loops.Aggregate(instructions, (product, trips) => product * trips);
        bytes += size;
    }

    /// <summary>Names the statement that follows.</summary>
    internal void Label(string name) => body.Append("        ").Append(name).Append(":\n");

    /// <summary>Counts comparisons that one inference makes on average.</summary>
    internal void Compare(double count) => comparisons += stage.Prefix == EmitStage.Scale ? 0 : count;

    internal void Comment(string text) => body.Append(' ', 12 + (4 * loops.Count)).Append("// ").Append(text).Append('\n');

    /// <summary>Closes the method, where elements live in arrays and what comes next would not fit.</summary>
    /// <returns>Whether a new method was begun, in which no element is loaded.</returns>
    internal bool Room(int size, int locals)
    {
        if (!IsStaged || (bytes + size <= MaxMethodBytes && declared.Count + locals <= MaxLocals))
        {
            return false;
        }

        CloseMethod();
        return true;
    }

    /// <summary>Closes the open method as one that other code calls; its name.</summary>
    internal string CloseHelper()
    {
        CloseMethod(isHelper: true);
        return parts[^1].Methods[^1].Name;
    }

    /// <summary>Closes the open method.</summary>
    internal void CloseMethod() => CloseMethod(isHelper: false);

    private void CloseMethod(bool isHelper)
    {
        if (body.Length == 0)
        {
            return;
        }

        IsTooLarge |= declared.Count > MaxLocals || bytes > MaxMethodBytes;
        HasImpossible |= arrays is not null && (declared.Count > MaxLocals || bytes > MaxBranchBytes);
        EmittedPart part = parts[^1];
        if (part.Bytes + bytes > MaxAssemblyBytes && part.Methods.Count > 0)
        {
            part = new EmittedPart();
            parts.Add(part);
        }

        int number = methodCounts.GetValueOrDefault(stage.Prefix) + 1;
        methodCounts[stage.Prefix] = number;
        part.Methods.Add(new EmittedMethod(stage, stage.Name + number.ToString(CultureInfo.InvariantCulture), locals.ToString() + body) { IsHelper = isHelper });
        part.Bytes += bytes + 40;
        body = new StringBuilder();
        locals.Clear();
        bytes = 0;
        declared.Clear();
    }

    /// <summary>A static array of the assembly that holds the buffers; its name.</summary>
    internal string Buffer(string name, string type, int length)
    {
        if (parts[0].Fields.TryAdd(name, $"static readonly {type}[] {name} = new {type}[{length}];"))
        {
            parts[0].TableBytes += length * Size(type);
        }

        return name;
    }

    /// <summary>A static array with these values, in the assembly that is being written unless an earlier one has it; its name.</summary>
    internal string Table<T>(string name, string type, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var text = new StringBuilder($"static readonly {type}[] {name} =\n        {{");
        for (int i = 0; i < values.Length; i++)
        {
            text.Append(i % 24 == 0 ? "\n            " : " ").Append(values[i] is float real ? Literal.Of(real) : string.Format(CultureInfo.InvariantCulture, "{0}", values[i])).Append(',');
        }

        text.Append("\n        };");
        if (!parts.Exists(part => part.Fields.ContainsKey(name)))
        {
            if (arrays is not null && parts[^1].ConstantBytes > 0 && parts[^1].ConstantBytes + (Marshal.SizeOf<T>() * values.Length) > MaxConstantBytes)
            {
                parts.Add(new EmittedPart());
            }

            parts[^1].Fields.Add(name, text.ToString());
            parts[^1].ConstantBytes += Marshal.SizeOf<T>() * values.Length;
            parts[^1].TableBytes += Marshal.SizeOf<T>() * values.Length;
        }

        return name;
    }

    /// <summary>A static array of real numbers; its name.</summary>
    internal string Floats(string name, ReadOnlySpan<float> values)
    {
        if (!parts.Exists(part => part.Fields.ContainsKey(name)))
        {
            string[] text = new string[values.Length];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = Literal.Of(values[i]);
            }

            // Reserves the bytes; the text is another, for a number has a suffix and a NaN a name.
            Table(name, "float", values);
            parts.First(part => part.Fields.ContainsKey(name)).Fields[name] = $"static readonly float[] {name} =\n        {{{string.Concat(text.Chunk(12).Select(line => "\n            " + string.Join(", ", line) + ","))}\n        }};";
        }

        return name;
    }

    /// <summary>A static array that a helper fills when the class is first used; its name.</summary>
    internal string Made(string name, string type, string expression, int length)
    {
        if (!parts.Exists(part => part.Fields.ContainsKey(name)))
        {
            parts[^1].TableBytes += length * Size(type);
            parts[^1].Fields.Add(name, $"static readonly {type}[] {name} = {expression};");
        }

        return name;
    }

    /// <summary>A static array in a local of the method, because a field costs more to read; its name.</summary>
    internal string Local(string type, string field)
    {
        string name = "t" + field;
        if (declared.Add(name))
        {
            if (loops.Count > 0)
            {
                locals.Append(CultureInfo.InvariantCulture, $"            {type}[] {name} = {field};\n");
                bytes += 7;
                return name;
            }

            Add($"{type}[] {name} = {field};", 2, 7);
        }

        return name;
    }

    internal static ValueRange Limits(TensorType type) => type switch
    {
        TensorType.Int8 => new ValueRange(sbyte.MinValue, sbyte.MaxValue),
        _ => new ValueRange(short.MinValue, short.MaxValue),
    };

    private long Sum(Func<string, bool> counts) => stageInstructions.Where(pair => counts(pair.Key)).Sum(pair => pair.Value);

    private int Root(int tensor) => roots.GetValueOrDefault(tensor, tensor);

    private static string Element(int root, int index) => $"v{root.ToString(CultureInfo.InvariantCulture)}_{index.ToString(CultureInfo.InvariantCulture)}";

    private string ArrayName(int root, TensorType type)
    {
        (string name, int length) = arrays?.Of(root) ?? ($"A{root}", file.Tensors[root].Elements);
        return Local(ElementType(type), Buffer(name, ElementType(type), length));
    }

    private string Source(int root, int index)
    {
        int from = 0;
        foreach (TensorInfo input in stage.Inputs)
        {
            if (Root(input.Index) == root)
            {
                return $"input[{from + index}]";
            }

            from += input.Elements;
        }

        return $"{ArrayName(root, file.Tensors[root].Type)}[{index}]";
    }

    private string? OutputTarget(int root, int index) => OutputPlace(root) is { } place ? $"output[{place + index}]" : null;

    // An output that nothing reads again goes where the caller wants it at once.
    private int? OutputPlace(int root)
    {
        int to = 0;
        foreach (TensorInfo output in stage.Outputs)
        {
            if (Root(output.Index) == root && !IsRead(root) && !stage.Inputs.Any(input => Root(input.Index) == root))
            {
                return to;
            }

            to += output.Elements;
        }

        return null;
    }

    private static int Size(string type) => type switch { "sbyte" => 1, "short" => 2, "long" or "double" => 8, _ => 4 };

    private bool IsRead(int root) =>
        stage.Operators.Any(record => !OperatorDefinitions.Of(record.Info.Opcode).IsView && record.Inputs.Any(tensor => tensor is not null && Root(tensor.Index) == root));

    /// <summary>The type of an element in C#.</summary>
    internal static string ElementType(TensorType type) => type switch
    {
        TensorType.Float32 => "float",
        TensorType.Int8 => "sbyte",
        _ => "short",
    };
}

/// <summary>One method of emitted code.</summary>
internal sealed record EmittedMethod(EmitStage Stage, string Name, string Body)
{
    /// <summary>Whether another method calls it, so that an inference does not.</summary>
    internal bool IsHelper { get; init; }
}

/// <summary>What goes into one assembly.</summary>
internal sealed class EmittedPart
{
    internal List<EmittedMethod> Methods { get; } = [];

    internal Dictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    internal int Bytes { get; set; }

    internal int ConstantBytes { get; set; }

    internal int TableBytes { get; set; }
}

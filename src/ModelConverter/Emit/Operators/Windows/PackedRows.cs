using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>
/// Rows of products whose weights lie in arrays: in integers as many units as fit side by side in an element of 64 bits, all of one
/// width, so that a loop takes them apart. A row's inputs are held in locals, all of them or a block at a time.
/// </summary>
internal sealed class PackedRows
{
    private const int MostLocals = 96;
    private const int Block = 32;
    private const int ElementBits = 63;

    // Elements of an array, well below what an initialiser may have.
    private const int MostElements = 6_500;
    private const int TermBytes = 16;
    private const int TermInstructions = 8;
    private const int LoadBytes = 14;
    private const int LoadInstructions = 7;

    private readonly EmitContext context;
    private readonly OperatorRecord record;
    private readonly ConvShape shape;
    private readonly string name;
    private readonly string type;
    private readonly bool isReal;
    private readonly int[] weights = [];
    private readonly float[] realWeights = [];
    private readonly List<Lane> lanes = [];
    private readonly int perElement = 1;
    private readonly int bits;
    private readonly int packs;

    internal PackedRows(EmitContext context, OperatorRecord record, ConvShape shape)
    {
        this.context = context;
        this.record = record;
        this.shape = shape;
        name = Literal.Of(record.Outputs[0].Index);
        isReal = record.Inputs[0].Type == TensorType.Float32;
        type = isReal ? "float" : "long";
        if (isReal)
        {
            realWeights = context.Data<float>(record.Inputs[1]).ToArray();
        }
        else
        {
            weights = LayerWeights.Integers(context, record.Inputs[1]);
            lanes = [.. ConvEmitter.Lanes(weights, shape, ConvEmitter.Range(context, record, shape)).SelectMany(groups => groups).SelectMany(group => group.Lanes)];
            bits = lanes.Max(lane => lane.Bits);
            perElement = Math.Clamp(ElementBits / bits, 1, shape.UnitsPerGroup);
        }

        packs = (shape.UnitsPerGroup + perElement - 1) / perElement;
    }

    internal void Emit(Func<ArrayPlace> image)
    {
        ArrayFinish? finish = isReal ? null : Finish();
        if (shape.Patch <= MostLocals && shape.Patch * packs <= MostElements)
        {
            // Groups of channels as many as an array has room for.
            int groups = Math.Max(1, MostElements / (shape.Patch * packs));
            for (int first = 0; first < shape.Groups; first += groups)
            {
                Whole(image, finish, first, Math.Min(first + groups, shape.Groups));
            }
        }
        else
        {
            for (int group = 0; group < shape.Groups; group++)
            {
                Blocks(image, finish, group);
            }
        }
    }

    // The last units of a group stand in two elements where they do not fill one.
    private int Unit(int group, int pack) => (group * shape.UnitsPerGroup) + Math.Min(pack * perElement, shape.UnitsPerGroup - perElement);

    private ArrayFinish Finish()
    {
        UnitScaling scaling = UnitScaling.Of(context, record, lanes);
        int[] slots = [.. Enumerable.Range(0, shape.Groups * packs * perElement).Select(i => Unit(i / (packs * perElement), i / perElement % packs) + (i % perElement))];
        context.SetRange(record.Outputs[0], DenseFinish.Results(context, scaling));
        return new ArrayFinish(context, name, scaling, slots);
    }

    private void Whole(Func<ArrayPlace> image, ArrayFinish? finish, int first, int end)
    {
        context.CloseMethod();
        string w = Weights($"W{name}_{first}", first, end, 0, shape.Patch, shape.Patch);
        string begin = Begin();
        ArrayPlace from = image();
        ArrayPlace to = context.Target(record.Outputs[0]);
        Comment();
        PlaceLoops loops = PlaceLoops.Open(context, shape.Levels(), Literal.Of(from.Offset + (first * shape.ChannelsPerGroup)), $"{to.Offset + (first * shape.UnitsPerGroup)}", shape.Units);
        Set("k", "0");
        Set("pack", Literal.Of(first * packs));
        Set("slot", Literal.Of(first * packs * perElement));
        Set("unit", "to");
        if (end - first > 1)
        {
            context.BeginLoop($"for (int group = {first}; group < {end}; group++)", end - first);
        }

        for (int i = 0; i < shape.Patch; i++)
        {
            Load(i, from.Name, "at", shape.Offset(i));
        }

        context.BeginLoop($"for (int last = pack + {packs}; pack < last; pack++)", packs);
        context.Add($"{context.Declare(type, "s")}s = {Sum($"{begin}[pack]", w, shape.Patch)};", 5 + (shape.Patch * TermInstructions), 16 + (shape.Patch * TermBytes));
        context.Add($"k += {shape.Patch};", 4, 8);
        Take(finish, to.Name, "pack + 1 == last");
        context.EndLoop();
        if (end - first > 1)
        {
            context.Add($"at += {shape.ChannelsPerGroup};", 4, 8);
            context.EndLoop();
            context.Add($"at -= {(end - first) * shape.ChannelsPerGroup};", 4, 8);
        }

        loops.Close();
    }

    private void Blocks(Func<ArrayPlace> image, ArrayFinish? finish, int group)
    {
        int block = Math.Min(Block, Math.Max(1, MostElements / packs));
        for (int size = Math.Min(2 * Block, MostElements / packs); size >= Block / 2; size--)
        {
            if (shape.Patch % size == 0)
            {
                block = size;
                break;
            }
        }

        int padded = (shape.Patch + block - 1) / block * block;
        bool isCopied = shape.Taps > 1 || padded != shape.Patch;
        int perArray = Math.Max(1, MostElements / (packs * block)) * block;
        context.CloseMethod();
        string sums = context.Buffer($"Sums{name}", type, packs);
        string begin = Begin();
        ArrayPlace from = image();
        ArrayPlace to = context.Target(record.Outputs[0]);
        string s = context.Local(type, sums);
        Comment();
        PlaceLoops loops = PlaceLoops.Open(context, shape.Levels(), Literal.Of(from.Offset + (group * shape.ChannelsPerGroup)), $"{to.Offset + (group * shape.UnitsPerGroup)}", shape.Units);
        context.Add($"Array.Copy({begin}, {group * packs}, {s}, 0, {packs});", 12, 20);
        string source = from.Name;
        Set("x", "at");
        if (isCopied)
        {
            source = CopyWindow(from.Name, padded);
            Set("x", "0");
        }

        for (int start = 0; start < padded; start += perArray)
        {
            int end = Math.Min(start + perArray, padded);
            string w = Weights($"W{name}_{group}_{start}", group, group + 1, start, end, block);
            Set("k", "0");
            context.BeginLoop($"for (int last = x + {end - start}; x < last; x += {block})", (end - start) / block);
            for (int i = 0; i < block; i++)
            {
                Load(i, source, "x", i);
            }

            context.BeginLoop($"for (int pack = 0; pack < {packs}; pack++)", packs);
            context.Add($"{s}[pack] = {Sum($"{s}[pack]", w, block)};", 7 + (block * TermInstructions), 16 + (block * TermBytes));
            context.Add($"k += {block};", 4, 8);
            context.EndLoop();
            context.EndLoop();
        }

        Set("slot", Literal.Of(group * packs * perElement));
        Set("unit", "to");
        context.BeginLoop($"for (int pack = 0; pack < {packs}; pack++)", packs);
        context.Add($"{context.Declare(type, "s")}s = {s}[pack];", 4, 6);
        Take(finish, to.Name, $"pack == {packs - 1}");
        context.EndLoop();
        loops.Close();
    }

    // One window of one group, in the order of the weights, and zeros up to a whole block.
    private string CopyWindow(string from, int padded)
    {
        string element = EmitContext.ElementType(record.Inputs[0].Type);
        string window = context.Local(element, context.Buffer($"Window{name}", element, padded));
        bool hasLines = shape.Groups == 1 && shape.DilationWidth == 1;
        int run = hasLines ? shape.KernelWidth * shape.Channels : shape.ChannelsPerGroup;
        Set("x", "0");
        Set("line", "at");
        context.BeginLoop($"for (int i = 0; i < {shape.KernelHeight}; i++)", shape.KernelHeight);
        if (hasLines)
        {
            context.Add($"Array.Copy({from}, line, {window}, x, {run});", 14, 16);
            context.Add($"x += {run};", 4, 8);
        }
        else
        {
            Set("pixel", "line");
            context.BeginLoop($"for (int j = 0; j < {shape.KernelWidth}; j++)", shape.KernelWidth);
            context.Add($"Array.Copy({from}, pixel, {window}, x, {run});", 14, 16);
            context.Add($"x += {run};", 4, 8);
            context.Add($"pixel += {shape.DilationWidth * shape.Channels};", 4, 8);
            context.EndLoop();
        }

        context.Add($"line += {shape.DilationHeight * shape.ReachedWidth * shape.Channels};", 4, 8);
        context.EndLoop();
        return window;
    }

    // From an element of sums to the results of its units; the last element of a group repeats some.
    private void Take(ArrayFinish? finish, string y, string isLast)
    {
        int repeated = (packs * perElement) - shape.UnitsPerGroup;
        if (repeated > 0)
        {
            context.Add($"if ({isLast})", 4, 8);
            context.Add("{", 0, 0);
            context.Add($"    unit -= {repeated};", 0, 5);
            context.Add("}", 0, 0);
        }

        if (finish is null)
        {
            ConvEmitter.StoreFloat(context, record, "s", $"{y}[unit]", 2, 4);
        }

        for (int i = 0; i < perElement && finish is not null; i++)
        {
            string value = perElement == 1 ? "s"
                : i == 0 ? $"(s & {(1L << bits) - 1}L)"
                : i == perElement - 1 ? $"(s >> {i * bits})"
                : $"((s >> {i * bits}) & {(1L << bits) - 1}L)";
            string more = i == 0 ? "" : $" + {i}";
            finish.Emit(value, "slot" + more, $"{y}[unit{more}]");
        }

        context.Add($"slot += {perElement};", 4, 5);
        context.Add($"unit += {perElement};", 4, 5);
    }

    private string Sum(string begin, string w, int count)
    {
        List<string> terms = [begin, .. Enumerable.Range(0, count).Select(i => $"(x{i} * {w}[k{(i == 0 ? "" : $" + {i}")}])")];
        return DenseFixedPointEmitter.Wrapped(terms, context.Indent);
    }

    private void Load(int i, string from, string at, int offset) =>
        context.Add($"{context.Declare(type, $"x{i}")}x{i} = {from}[{at}{(offset == 0 ? "" : $" + {offset}")}];", LoadInstructions, LoadBytes);

    private void Set(string local, string value) => context.Add($"{context.Declare("int", local)}{local} = {value};", 2, 7);

    private void Comment() => context.Comment($"{record.Info.Name} {shape.Patch} to {shape.Units} at {shape.Places} places, weights in arrays");

    // What the sums begin with.
    private string Begin()
    {
        if (isReal)
        {
            float[] bias = record.HasInput(2) ? context.Data<float>(record.Inputs[2]).ToArray() : new float[shape.Units];
            return context.Local("float", context.Floats("Begin" + name, bias));
        }

        long[] begin = new long[shape.Groups * packs];
        for (int i = 0; i < begin.Length; i++)
        {
            for (int lane = 0; lane < perElement; lane++)
            {
                begin[i] += -lanes[Unit(i / packs, i % packs) + lane].Low << (lane * bits);
            }
        }

        return context.Local("long", context.Table<long>("Begin" + name, "long", begin));
    }

    // [group][block][element of sums][input of the block].
    private string Weights(string field, int firstGroup, int endGroup, int start, int end, int block)
    {
        int length = (endGroup - firstGroup) * (end - start) * packs;
        long[] packed = new long[isReal ? 0 : length];
        float[] real = new float[isReal ? length : 0];
        int k = 0;
        for (int group = firstGroup; group < endGroup; group++)
        {
            for (int from = start; from < end; from += block)
            {
                for (int pack = 0; pack < packs; pack++)
                {
                    for (int i = from; i < from + block; i++, k++)
                    {
                        for (int lane = 0; lane < perElement && i < shape.Patch; lane++)
                        {
                            int weight = ((Unit(group, pack) + lane) * shape.Patch) + i;
                            if (isReal)
                            {
                                real[k] = realWeights[weight];
                            }
                            else
                            {
                                packed[k] += (long)weights[weight] << (lane * bits);
                            }
                        }
                    }
                }
            }
        }

        return context.Local(type, isReal ? context.Floats(field, real) : context.Table<long>(field, "long", packed));
    }
}

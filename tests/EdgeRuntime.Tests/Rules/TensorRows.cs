using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The tensors section.</summary>
internal sealed class TensorRows : RuleRows
{
    private const int MaxBytes = 1 << 28;
    private const string Broken = "the section ends within a tensor";
    private const string Unknown = "tensor 0 has an unknown type, rank or storage";

    protected override void Add()
    {
        AddRecords();
        AddSizes();
        AddPlaces();
        AddQuantization();
    }

    private void AddRecords()
    {
        Bad("no tensor", "tensors", "it holds 0 tensors; 1 to 65535 are allowed", Cut(_ => []), model => model.Starts[1]);
        Good("65,535 tensors", Many(65535));
        Bad("65,536 tensors", "tensors", "it holds 65536 tensors; 1 to 65535 are allowed", Many(65536), model => model.Starts[1]);
        Bad("a place without its last byte", "tensors", Broken, Cut(bytes => [.. bytes, 1, 0, 0, 0, 0]), model => model.TensorStart(2));
        Bad("a header without a place", "tensors", Broken, Cut(bytes => [.. bytes, 1, 0]), model => model.TensorStart(2));
        Bad("a state without a place", "tensors", Broken, Cut(bytes => [.. bytes, 1 | (2 << 3), 0, 0, 0, 0]), model => model.TensorStart(2));
        Bad("one byte after the last tensor", "tensors", Broken, Cut(bytes => [.. bytes, 1]), model => model.TensorStart(2));
        RawModel last = One(Opcode.Reshape, F32, [2], [2], []);
        last.EditSections = sections =>
        {
            sections[0] = (1, [.. sections[0].Data, 1]);
            sections.Reverse();
        };
        Bad("one byte after the last tensor, at the end of the file", "tensors", Broken, last, model => model.TensorStart(2));
        Bad("a dimension without its last byte", "tensors", Broken, Cut(bytes => bytes[..^1]), model => model.TensorStart(1));
        Bad("no dimension", "tensors", Broken, Cut(bytes => bytes[..^2]), model => model.TensorStart(1));
        RawModel wide = Cut(bytes => bytes[..^1]);
        wide.Tensors[1].IsWide = true;
        Bad("a wide dimension without its last byte", "tensors", Broken, wide, model => model.TensorStart(1));
        RawModel scaled = Cut(bytes => bytes[..^1], I8);
        Bad("a zero point without its last byte", "tensors", Broken, scaled, model => model.TensorStart(1));
        Bad("a scale without a zero point", "tensors", Broken, Cut(bytes => bytes[..^2], I8), model => model.TensorStart(1));
        RawModel whole = Plain();
        whole.Tensors[0].IsWide = true;
        Good("a wide dimension that is small", whole, [1, 2], [1, 2]);
        foreach (int type in new[] { 0, 6, 7 })
        {
            Bad($"type {type}", "tensors", Unknown, Kind(type), model => model.TensorStart(0));
        }

        Bad("storage 3", "tensors", Unknown, Kind(1 | (3 << 3)), model => model.TensorStart(0));
        Bad("bit 7", "tensors", Unknown, Kind(1 | 128), model => model.TensorStart(0));
        Bad("bit 7 and wide", "tensors", Unknown, Kind(1 | 192), model => model.TensorStart(0));
        Good("six dimensions", One(Opcode.Activation, F32, [1, 1, 1, 1, 1, 2], [1, 1, 1, 1, 1, 2], [0, 0, 0]), [1, 2], [1, 2]);
        Bad("seven dimensions", "tensors", Unknown, One(Opcode.Activation, F32, [1, 1, 1, 1, 1, 1, 2], [2], [0, 0, 0]), model => model.TensorStart(0));
        Good("no dimension at all", One(Opcode.Activation, F32, [], [], [0, 0, 0]), [2], [2]);

        static RawModel Kind(int kind)
        {
            RawModel model = Plain();
            model.Tensors[0].Kind = kind;
            model.Tensors[0].IsWide = (kind & 64) != 0;
            return model;
        }

        static RawModel Many(int count)
        {
            RawModel model = Plain();
            while (model.Tensors.Count < count)
            {
                model.Arena(F32, [], offset: 0);
            }

            return model;
        }
    }

    private void AddSizes()
    {
        Bad("a dimension of 0", "tensors", "tensor 0 has a dimension of 0", One(Opcode.Activation, F32, [2, 0], [2], [0, 0, 0]), model => model.TensorStart(0) + 8);
        RawModel zero = One(Opcode.Activation, F32, [0, 2], [2], [0, 0, 0]);
        zero.Tensors[0].IsWide = true;
        Bad("a wide dimension of 0", "tensors", "tensor 0 has a dimension of 0", zero, model => model.TensorStart(0) + 6);
        Bad("a negative dimension", "tensors", "tensor 0 has a dimension of -1", Large([-1]), model => model.TensorStart(0) + 6);
        Bad("a dimension of -2³¹", "tensors", "tensor 0 has a dimension of -2147483648", Large([2, int.MinValue]), model => model.TensorStart(0) + 10);
        foreach (int[] shape in new int[][] { [MaxBytes], [65536, 4096], [1, 1, 16384, 16384] })
        {
            Good($"[{string.Join(", ", shape)}] bytes", Large(shape));
        }

        Good("2²⁶ numbers of four bytes", Large([1 << 26], F32));
        Good("2²⁵ numbers of eight bytes", Large([1 << 25], I64));
        const string Larger = "tensor 0 is larger than 268435456 bytes";
        foreach ((int[] shape, TensorType type, int at) in new (int[], TensorType, int)[]
        {
            ([MaxBytes + 1], I8, 0), ([(1 << 26) + 1], F32, 0), ([(1 << 25) + 1], I64, 0), ([(1 << 27) + 1], I16, 0), ([65536, 4097], I8, 1), ([65535, 65535], I8, 1),
            ([65536, 65536], I8, 1), ([65536, 65536, 65536, 65536], I8, 1), ([int.MaxValue], I8, 0), ([int.MaxValue, int.MaxValue], F32, 0), ([1 << 28, 16], I8, 1), ([1 << 30], F32, 0), ([1 << 14, 1 << 14, 1 << 4], I8, 2),
        })
        {
            int dimension = shape.Any(size => size > 65535) ? 4 : 2;
            Bad($"[{string.Join(", ", shape)}] of {type}", "tensors", Larger, Large(shape, type), model => model.TensorStart(0) + 6 + (dimension * at));
        }

        static RawModel Large(int[] shape, TensorType type = I8)
        {
            var model = new RawModel { ArenaBytes = MaxBytes };
            int x = model.Arena(type, shape, offset: 0);
            model.Input(x);
            model.Output(x);
            return model;
        }
    }

    private void AddPlaces()
    {
        const string Arena = "tensor 1 is not within the arena";
        Good("an arena that ends with its last tensor", Plain(), [1, 2], [1, 2]);
        RawModel less = Plain();
        less.ArenaBytes = 15;
        Bad("an arena one byte shorter", "tensors", Arena, less, model => model.TensorStart(1) + 2);
        foreach (int offset in new[] { -4, int.MinValue, 9, 10, 11, 12, int.MaxValue - 3 })
        {
            RawModel model = Plain();
            model.Tensors[1].Offset = offset;
            model.ArenaBytes = offset is > 8 and < 12 ? 64 : 16;
            Bad($"a place at {offset}", "tensors", Arena, model, placed => placed.TensorStart(1) + 2);
        }

        RawModel before = One(Opcode.Table, I8, [2], [2], [], model => [model.Bytes([256], new sbyte[256])]);
        before.Tensors[1].Offset = -1;
        Bad("a byte before the arena", "tensors", Arena, before, model => model.TensorStart(1) + 2);
        Good("a state that ends with the arena", State(null));
        Bad("a state past the arena", "tensors", Arena, State(12), model => model.TensorStart(1) + 2);
        const string Constants = "tensor 2 is not within the constants";
        Bad("a constant without a section", "tensors", Constants, Bare(F32, [1]), model => model.TensorStart(2));
        Bad("a constant of 2²⁸ bytes without a section", "tensors", Constants, Bare(I8, [MaxBytes]), model => model.TensorStart(2));
        Bad("a constant whose last byte is missing", "tensors", Constants, Resized(model => model.Floats([2], 1, 2), -1), model => model.TensorStart(2));
        Bad("constants without their last byte", "tensors", "tensor 4 is not within the constants", Resized(Three, -1), model => model.TensorStart(4));
        Bad("a byte after the last constant", "constants", "it has 33 bytes but the constants take 32", Resized(Three, 1), model => model.Starts[4]);
        Bad("constants that no tensor has", "constants", "it has 5 bytes but the constants take 0", Unread(), model => model.Starts[4]);

        // Each from the next multiple of its element's size on: 2 after 1, then 4 and 8 after one byte more each.
        foreach ((TensorType type, int size) in new[] { (I8, 1), (I16, 2), (F32, 4), (I32, 4), (I64, 8) })
        {
            Good($"{type} after a byte", After(type, size, 0));
            Bad($"{type} after a byte, without its last", "tensors", "tensor 3 is not within the constants", After(type, size, -1), model => model.TensorStart(3));
            Bad($"{type} after a byte, and one more", "constants", $"it has {(2 * size) + 1} bytes but the constants take {2 * size}", After(type, size, 1), model => model.Starts[4]);
        }

        RawModel order = One(Opcode.Add, F32, [2], [2], new int[8], model => [model.Floats([2], 1, 2)]);
        Good("a constant behind another", order, [1, 2], [2, 4]);
        RawModel behind = Plain();
        behind.Bytes([1], 7);
        behind.Op(Opcode.Add, [0, behind.Floats([2], 10, 20)], [1], new int[8]);
        behind.Operators.RemoveAt(0);
        Good("numbers behind a byte", behind, [1, 2], [11, 22]);
        RawModel arena = One(Opcode.Activation, F32, [64], [64], [0, 0, 0]);
        arena.Tensors[1].Offset = 260;
        arena.ArenaBytes = 516;
        Good("256 bytes of the arena at 260", arena);

        static RawModel Bare(TensorType type, int[] shape)
        {
            RawModel model = Plain();
            model.Tensors.Add(new RawTensor(type, 1, shape, 0));
            return model;
        }

        static RawModel Unread()
        {
            RawModel model = Plain();
            model.EditSections = sections => sections.Add((4, new byte[5]));
            return model;
        }

        static void Three(RawModel model)
        {
            model.Bytes([5], 1, 2, 3, 4, 5);
            model.Longs([2], 1, 2);
            model.Longs([1], 3);
        }

        static RawModel After(TensorType type, int size, int bytes) => Resized(
            model =>
            {
                model.Bytes([1], 1);
                model.Constant(type, [1], new byte[size], null);
            },
            bytes);

        static RawModel Resized(Action<RawModel> add, int bytes)
        {
            RawModel model = Plain();
            add(model);
            model.EditSections = sections => sections[^1] = (4, bytes < 0 ? sections[^1].Data[..^-bytes] : [.. sections[^1].Data, .. new byte[bytes]]);
            return model;
        }

        static RawModel State(int? offset)
        {
            RawModel model = One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
            model.Tensors[1] = new RawTensor(F32, 2, [2], offset ?? 8);
            return model;
        }
    }

    private void AddQuantization()
    {
        const string Scale = "tensor 0 has a scale that is not a finite number above 0";
        foreach (float scale in new[] { float.Epsilon, 1.1754944e-38f, 1f, float.MaxValue })
        {
            Good($"a scale of {scale}", Scaled(I8, scale, 0));
        }

        foreach (float scale in new[] { 0f, -0f, -float.Epsilon, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Bad($"a scale of {(float.IsNegative(scale) ? "-" : "+")}{scale}", "tensors", Scale, Scaled(I8, scale, 0), model => model.TensorStart(0) + 8);
        }

        const string Zero = "tensor 0 has a zero point outside its type";
        foreach ((TensorType type, int zero, bool good) in new[]
        {
            (I8, -128, true), (I8, 127, true), (I8, -129, false), (I8, 128, false), (I8, 32767, false), (I16, -32768, true), (I16, 32767, true),
            (I16, 1, true), (I32, 0, true), (I32, 1, false), (I32, -1, false), (I64, 0, true), (I64, 1, false),
        })
        {
            if (good)
            {
                Good($"{type} of zero point {zero}", Scaled(type, 1f, zero));
            }
            else
            {
                Bad($"{type} of zero point {zero}", "tensors", Zero, Scaled(type, 1f, zero), model => model.TensorStart(0) + 12);
            }
        }

        foreach (TensorType type in new[] { F32, I8, I16, I32, I64 })
        {
            Good($"{type} without a scale", Scaled(type, null, 0));
        }

        Bad("float32 with a scale", "tensors", "tensor 0 is float32 but has a scale", Scaled(F32, 1f, 0), model => model.TensorStart(0) + 12);

        static RawModel Scaled(TensorType type, float? scale, int zero)
        {
            var model = new RawModel();
            int x = model.Arena(type, [2], scale, zero);
            model.Input(x);
            model.Output(x);
            return model;
        }
    }

    private static RawModel Cut(Func<byte[], byte[]> edit, TensorType type = F32)
    {
        RawModel model = One(Opcode.Reshape, type, [2], [2], []);
        model.EditSections = sections => sections[0] = (1, edit(sections[0].Data));
        return model;
    }

    private static RawModel Plain() => One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
}

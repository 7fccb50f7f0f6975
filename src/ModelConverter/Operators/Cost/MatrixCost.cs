using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators.Cost;

/// <summary>Rows times a matrix of constant weights, as the kernels of EdgeInference.Nano do it: eight inputs at a time.</summary>
internal static class MatrixCost
{
    /// <summary>Bytes of weights that are read at a time, unless the program says otherwise.</summary>
    internal const int ChunkBytes = 4096;

    private const int Group = 8;

    // From so many places on, int8 layers share multipliers, shifts and bias of the channels: an int32, a byte and an int32.
    private const int ManyPlaces = 100;
    private const int FactorBytes = 9;

    /// <summary>float32 weights in the order that they are read in.</summary>
    internal static void Float32(CostTerms cost, double rows, long depth, long units, long matrices = 1)
    {
        long groups = depth / Group;
        long rest = depth % Group;
        cost.RunShared("matrix Float32: row", rows);
        cost.RunShared("matrix Float32: group", rows * groups);
        cost.RunShared("matrix Float32: group of a unit", rows * groups * units);
        cost.RunShared("matrix Float32: single input", rows * rest);
        cost.RunShared("matrix Float32: single product", rows * rest * units);
        cost.RunShared("matrix Float32: unit", rows * units);
        cost.HoldShared("matrix Float32: matrix", matrices);
        cost.HoldShared("matrix Float32: unit", matrices * units);
        cost.Pack("matrix Float32: byte", (double)matrices * units * depth * sizeof(float));
    }

    /// <summary>int8 weights of which three units, or in int16 two, lie in an element of eight bytes.</summary>
    /// <param name="cost">Where they are counted.</param>
    /// <param name="type">Type of the activations.</param>
    /// <param name="rows">Rows of the input.</param>
    /// <param name="depth">Products of a sum.</param>
    /// <param name="units">Sums of a row.</param>
    /// <param name="hasTable">Whether the layer has an activation table.</param>
    /// <param name="matrices">Matrices of that size, which take turns.</param>
    /// <param name="sharesFactors">Whether <see cref="SharesFactors"/>.</param>
    internal static void FixedPoint(CostTerms cost, TensorType type, double rows, long depth, long units, bool hasTable, long matrices, bool sharesFactors)
    {
        int lanes = type == TensorType.Int8 ? 3 : 2;
        string name = "matrix " + type;
        long groups = (depth + Group - 1) / Group;
        long packs = (units + lanes - 1) / lanes;
        cost.RunShared(name + ": row", rows);
        cost.RunShared(name + ": group", rows * groups);
        cost.RunShared(name + ": group of a pack", rows * groups * packs);
        cost.RunShared(name + ": pack", rows * packs);
        cost.RunShared(name + ": unit", rows * units);
        cost.RunShared(name + ": table", hasTable ? rows * units : 0);
        cost.HoldShared(name + ": matrix", matrices);
        if (sharesFactors)
        {
            Factors(cost, units, depth);
        }
        else
        {
            cost.HoldShared(name + ": unit", matrices * units);
        }

        cost.HoldShared(name + ": pack", matrices * packs);
        cost.HoldShared(name + ": table", hasTable ? matrices : 0);
        cost.Scratch("64 bits", packs * sizeof(long));
        if (type == TensorType.Int8)
        {
            Sums(cost, type, packs * lanes);
        }

        cost.Pack(name + ": byte", (double)matrices * groups * Group * packs * sizeof(long));
    }

    /// <summary>The same with weights that are read in chunks: each weight by itself.</summary>
    internal static void Chunks(CostTerms cost, TensorType type, double rows, long depth, long units, bool hasTable, bool sharesFactors)
    {
        string name = "chunks " + type;
        long groups = (depth + Group - 1) / Group;
        double chunks = Math.Ceiling((double)units * depth / ChunkBytes);
        cost.RunShared(name + ": chunk", chunks);
        cost.RunShared(name + ": group of a chunk", rows * (chunks + 1) * groups);
        cost.RunShared(name + ": group of a unit", rows * groups * units);
        cost.RunShared(name + ": unit", rows * units);
        cost.RunShared(name + ": table", hasTable ? rows * units : 0);
        cost.HoldShared(name + ": matrix", 1);
        if (sharesFactors)
        {
            Factors(cost, units, 0);
        }
        else
        {
            cost.HoldShared(name + ": unit", units);
        }

        cost.HoldShared(name + ": table", hasTable ? 1 : 0);
        Sums(cost, type, units);
    }

    /// <summary>Whether a layer reads what its channels have each from the file at every run, into arrays of the session.</summary>
    internal static bool SharesFactors(TensorType type, double places) => type == TensorType.Int8 && places >= ManyPlaces;

    /// <summary>The arrays that such layers share: what channels have each, and zero points or a plane of the input.</summary>
    internal static void Factors(CostTerms cost, double channels, double patch)
    {
        cost.Scratch("factors", channels * FactorBytes);
        cost.Scratch("patch", patch);
    }

    /// <summary>A sum for each unit or place, in 32 bits for int8 and in 64 for int16.</summary>
    internal static void Sums(CostTerms cost, TensorType type, double count) =>
        cost.Scratch(type == TensorType.Int8 ? "32 bits" : "64 bits", count * (type == TensorType.Int8 ? sizeof(int) : sizeof(long)));
}

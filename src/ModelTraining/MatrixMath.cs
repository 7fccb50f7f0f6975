using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeInference.ModelTraining;

/// <summary>
/// Products of small matrices, row-major. Each element's sum has a fixed order, that of <see cref="VectorMath"/>'s loops row by row, and a
/// product is rounded before it is added: blocks and vectors change no bit.
/// </summary>
internal static class MatrixMath
{
    private const int Lanes = 4;
    private const int Tile = 4;

    /// <summary>C[i, j] ← C[i, j] + Σₖ A(i, k)·B[k, j], k ascending.</summary>
    /// <param name="c">[rows, columns].</param>
    /// <param name="a">A(i, k) lies at i·<paramref name="rowStride"/> + k·<paramref name="stepStride"/>.</param>
    /// <param name="rowStride">From one row of A to the next.</param>
    /// <param name="stepStride">From one k to the next.</param>
    /// <param name="b">[steps, columns].</param>
    /// <param name="rows">Rows of C.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="steps">Number of k.</param>
    internal static void MultiplyAdd(Span<double> c, ReadOnlySpan<double> a, int rowStride, int stepStride, ReadOnlySpan<double> b, int rows, int columns, int steps)
    {
        c = c[..(rows * columns)];
        b = b[..(steps * columns)];
        if (rows == 0 || columns == 0 || steps == 0)
        {
            return;
        }

        a = a[..(((rows - 1) * rowStride) + ((steps - 1) * stepStride) + 1)];
        if (columns == 1 && rowStride == 1)
        {
            for (int k = 0; k < steps; k++)
            {
                VectorMath.AddScaled(c, b[k], a.Slice(k * stepStride, rows));
            }

            return;
        }

        ref double target = ref MemoryMarshal.GetReference(c);
        ref double left = ref MemoryMarshal.GetReference(a);
        ref double right = ref MemoryMarshal.GetReference(b);
        var sizes = new Sizes((nuint)rowStride, (nuint)stepStride, (nuint)columns, steps);
        int j = 0;
        for (; j <= columns - (2 * Lanes); j += 2 * Lanes)
        {
            int i = 0;
            for (; i <= rows - Tile; i += Tile)
            {
                Wide(ref Unsafe.Add(ref target, (i * columns) + j), ref Unsafe.Add(ref left, i * rowStride), ref Unsafe.Add(ref right, j), sizes);
            }

            for (; i < rows; i++)
            {
                One(ref Unsafe.Add(ref target, (i * columns) + j), ref Unsafe.Add(ref left, i * rowStride), ref Unsafe.Add(ref right, j), sizes);
                One(ref Unsafe.Add(ref target, (i * columns) + j + Lanes), ref Unsafe.Add(ref left, i * rowStride), ref Unsafe.Add(ref right, j + Lanes), sizes);
            }
        }

        for (; j <= columns - Lanes; j += Lanes)
        {
            int i = 0;
            for (; i <= rows - Tile; i += Tile)
            {
                Narrow(ref Unsafe.Add(ref target, (i * columns) + j), ref Unsafe.Add(ref left, i * rowStride), ref Unsafe.Add(ref right, j), sizes);
            }

            for (; i < rows; i++)
            {
                One(ref Unsafe.Add(ref target, (i * columns) + j), ref Unsafe.Add(ref left, i * rowStride), ref Unsafe.Add(ref right, j), sizes);
            }
        }

        for (; j < columns; j++)
        {
            int i = 0;
            for (; i <= rows - Tile; i += Tile)
            {
                Scalars(ref Unsafe.Add(ref target, (i * columns) + j), ref Unsafe.Add(ref left, i * rowStride), ref Unsafe.Add(ref right, j), sizes);
            }

            for (; i < rows; i++)
            {
                ref double element = ref c[(i * columns) + j];
                for (int k = 0; k < steps; k++)
                {
                    element += a[(i * rowStride) + (k * stepStride)] * b[(k * columns) + j];
                }
            }
        }
    }

    /// <summary>C[i, j] ← <see cref="VectorMath.Dot"/> of row j of B and row i of A.</summary>
    /// <param name="c">[rows, columns].</param>
    /// <param name="a">[rows, steps].</param>
    /// <param name="b">[columns, steps].</param>
    /// <param name="rows">Rows of C.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="steps">Length of the rows of A and B.</param>
    internal static void MultiplyTransposed(Span<double> c, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int rows, int columns, int steps)
    {
        c = c[..(rows * columns)];
        a = a[..(rows * steps)];
        b = b[..(columns * steps)];
        int whole = steps & ~(Lanes - 1);
        ref double left = ref MemoryMarshal.GetReference(a);
        ref double right = ref MemoryMarshal.GetReference(b);
        for (int j = 0; j < columns; j++)
        {
            int i = 0;
            for (; i <= rows - Tile && whole > 0; i += Tile)
            {
                Vector256<double> s0 = Vector256<double>.Zero;
                Vector256<double> s1 = s0;
                Vector256<double> s2 = s0;
                Vector256<double> s3 = s0;
                ref double x = ref Unsafe.Add(ref left, i * steps);
                ref double y = ref Unsafe.Add(ref right, j * steps);
                for (int k = 0; k < whole; k += Lanes)
                {
                    var row = Vector256.LoadUnsafe(ref y, (nuint)k);
                    s0 += row * Vector256.LoadUnsafe(ref x, (nuint)k);
                    s1 += row * Vector256.LoadUnsafe(ref x, (nuint)(steps + k));
                    s2 += row * Vector256.LoadUnsafe(ref x, (nuint)((2 * steps) + k));
                    s3 += row * Vector256.LoadUnsafe(ref x, (nuint)((3 * steps) + k));
                }

                c[(i * columns) + j] = Rest(s0, a[(i * steps)..], b[(j * steps)..], whole, steps);
                c[((i + 1) * columns) + j] = Rest(s1, a[((i + 1) * steps)..], b[(j * steps)..], whole, steps);
                c[((i + 2) * columns) + j] = Rest(s2, a[((i + 2) * steps)..], b[(j * steps)..], whole, steps);
                c[((i + 3) * columns) + j] = Rest(s3, a[((i + 3) * steps)..], b[(j * steps)..], whole, steps);
            }

            for (; i < rows; i++)
            {
                c[(i * columns) + j] = VectorMath.Dot(b.Slice(j * steps, steps), a.Slice(i * steps, steps));
            }
        }
    }

    private static double Rest(Vector256<double> sums, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int from, int steps)
    {
        double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        for (int k = from; k < steps; k++)
        {
            sum += b[k] * a[k];
        }

        return sum;
    }

    // Four rows by eight columns.
    private static void Wide(ref double c, ref double a, ref double b, Sizes sizes)
    {
        nuint width = sizes.Columns;
        var c00 = Vector256.LoadUnsafe(ref c);
        var c01 = Vector256.LoadUnsafe(ref c, Lanes);
        var c10 = Vector256.LoadUnsafe(ref c, width);
        var c11 = Vector256.LoadUnsafe(ref c, width + Lanes);
        var c20 = Vector256.LoadUnsafe(ref c, 2 * width);
        var c21 = Vector256.LoadUnsafe(ref c, (2 * width) + Lanes);
        var c30 = Vector256.LoadUnsafe(ref c, 3 * width);
        var c31 = Vector256.LoadUnsafe(ref c, (3 * width) + Lanes);
        nuint step = 0;
        nuint row = 0;
        for (int k = 0; k < sizes.Steps; k++)
        {
            var b0 = Vector256.LoadUnsafe(ref b, row);
            var b1 = Vector256.LoadUnsafe(ref b, row + Lanes);
            var x = Vector256.Create(Unsafe.Add(ref a, step));
            c00 += x * b0;
            c01 += x * b1;
            x = Vector256.Create(Unsafe.Add(ref a, step + sizes.RowStride));
            c10 += x * b0;
            c11 += x * b1;
            x = Vector256.Create(Unsafe.Add(ref a, step + (2 * sizes.RowStride)));
            c20 += x * b0;
            c21 += x * b1;
            x = Vector256.Create(Unsafe.Add(ref a, step + (3 * sizes.RowStride)));
            c30 += x * b0;
            c31 += x * b1;
            step += sizes.StepStride;
            row += width;
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, Lanes);
        c10.StoreUnsafe(ref c, width);
        c11.StoreUnsafe(ref c, width + Lanes);
        c20.StoreUnsafe(ref c, 2 * width);
        c21.StoreUnsafe(ref c, (2 * width) + Lanes);
        c30.StoreUnsafe(ref c, 3 * width);
        c31.StoreUnsafe(ref c, (3 * width) + Lanes);
    }

    // Four rows by four columns.
    private static void Narrow(ref double c, ref double a, ref double b, Sizes sizes)
    {
        nuint width = sizes.Columns;
        var c0 = Vector256.LoadUnsafe(ref c);
        var c1 = Vector256.LoadUnsafe(ref c, width);
        var c2 = Vector256.LoadUnsafe(ref c, 2 * width);
        var c3 = Vector256.LoadUnsafe(ref c, 3 * width);
        nuint step = 0;
        nuint row = 0;
        for (int k = 0; k < sizes.Steps; k++)
        {
            var b0 = Vector256.LoadUnsafe(ref b, row);
            c0 += Vector256.Create(Unsafe.Add(ref a, step)) * b0;
            c1 += Vector256.Create(Unsafe.Add(ref a, step + sizes.RowStride)) * b0;
            c2 += Vector256.Create(Unsafe.Add(ref a, step + (2 * sizes.RowStride))) * b0;
            c3 += Vector256.Create(Unsafe.Add(ref a, step + (3 * sizes.RowStride))) * b0;
            step += sizes.StepStride;
            row += width;
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, width);
        c2.StoreUnsafe(ref c, 2 * width);
        c3.StoreUnsafe(ref c, 3 * width);
    }

    // One row by four columns.
    private static void One(ref double c, ref double a, ref double b, Sizes sizes)
    {
        var sum = Vector256.LoadUnsafe(ref c);
        nuint step = 0;
        nuint row = 0;
        for (int k = 0; k < sizes.Steps; k++)
        {
            sum += Vector256.Create(Unsafe.Add(ref a, step)) * Vector256.LoadUnsafe(ref b, row);
            step += sizes.StepStride;
            row += sizes.Columns;
        }

        sum.StoreUnsafe(ref c);
    }

    // Four rows by one column.
    private static void Scalars(ref double c, ref double a, ref double b, Sizes sizes)
    {
        nuint width = sizes.Columns;
        double c0 = c;
        double c1 = Unsafe.Add(ref c, width);
        double c2 = Unsafe.Add(ref c, 2 * width);
        double c3 = Unsafe.Add(ref c, 3 * width);
        nuint step = 0;
        nuint row = 0;
        for (int k = 0; k < sizes.Steps; k++)
        {
            double y = Unsafe.Add(ref b, row);
            c0 += Unsafe.Add(ref a, step) * y;
            c1 += Unsafe.Add(ref a, step + sizes.RowStride) * y;
            c2 += Unsafe.Add(ref a, step + (2 * sizes.RowStride)) * y;
            c3 += Unsafe.Add(ref a, step + (3 * sizes.RowStride)) * y;
            step += sizes.StepStride;
            row += width;
        }

        c = c0;
        Unsafe.Add(ref c, width) = c1;
        Unsafe.Add(ref c, 2 * width) = c2;
        Unsafe.Add(ref c, 3 * width) = c3;
    }

    private readonly record struct Sizes(nuint RowStride, nuint StepStride, nuint Columns, int Steps);
}

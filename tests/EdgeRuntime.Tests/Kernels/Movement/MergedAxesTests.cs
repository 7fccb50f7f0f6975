using EdgeInference.Runtime.Kernels;

namespace EdgeInference.Runtime.Tests.Kernels.Movement;

public unsafe class MergedAxesTests
{
    private const int Axes = 6;

    [Fact]
    public void Every_walk_stays_as_it_was()
    {
        var random = new Random(3);
        for (int trial = 0; trial < 2_000; trial++)
        {
            int[] shape = [.. Enumerable.Range(0, Axes).Select(_ => random.Next(1, 4))];
            int[] strides = [.. Strides(random, shape), .. Strides(random, shape)];
            List<(int, int)> expected = Walk(shape, strides);
            fixed (int* sizes = shape, steps = strides)
            {
                MergedAxes.Merge(sizes, steps, 2, Axes);
            }

            Assert.Equal(expected, Walk(shape, strides));
        }
    }

    [Fact]
    public void Tensors_of_one_shape_have_one_axis()
    {
        int[] shape = [2, 1, 3, 4, 1, 5];
        int[] strides = [60, 60, 20, 5, 5, 1];
        fixed (int* sizes = shape, steps = strides)
        {
            MergedAxes.Merge(sizes, steps, 1, Axes);
        }

        Assert.Equal([1, 1, 1, 1, 1, 120], shape);
        Assert.Equal([0, 0, 0, 0, 0, 1], strides);
    }

    [Fact]
    public void Columns_to_the_end_leave_two_axes()
    {
        int[] shape = [1, 1, 1, 8, 9, 3];
        int[] strides = [0, 0, 0, 9, 1, 72];
        fixed (int* sizes = shape, steps = strides)
        {
            MergedAxes.Merge(sizes, steps, 1, Axes);
        }

        Assert.Equal([1, 1, 1, 1, 72, 3], shape);
        Assert.Equal([0, 0, 0, 0, 1, 72], strides);
    }

    // Dense, in another order of the axes, or repeated along some of them.
    private static int[] Strides(Random random, int[] shape)
    {
        int[] order = [.. Enumerable.Range(0, Axes)];
        if (random.Next(3) == 0)
        {
            random.Shuffle(order);
        }

        var strides = new int[Axes];
        int stride = 1;
        foreach (int axis in order.Reverse())
        {
            bool repeated = random.Next(4) == 0;
            strides[axis] = repeated ? 0 : stride;
            stride *= repeated ? 1 : shape[axis];
        }

        return strides;
    }

    private static List<(int A, int B)> Walk(int[] shape, int[] strides)
    {
        List<(int, int)> offsets = [(0, 0)];
        for (int axis = 0; axis < Axes; axis++)
        {
            offsets = [.. offsets.SelectMany(offset => Enumerable.Range(0, shape[axis]).Select(i => (offset.Item1 + (i * strides[axis]), offset.Item2 + (i * strides[Axes + axis]))))];
        }

        return offsets;
    }
}

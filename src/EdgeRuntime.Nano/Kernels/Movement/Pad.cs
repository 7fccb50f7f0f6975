using System;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// Pad: for each axis a table says which element of x an output position shows, −1 for the value. The last axes, as far as they
    /// have no padding, are copied as one run. float32, int8, int16 or int32.
    /// </summary>
    internal sealed class Pad : NanoKernel
    {
        private readonly Array input;
        private readonly Array output;
        private readonly Array values;
        private readonly int axes;
        private readonly int run = 1;
        private readonly int[] before = new int[FormatLayout.MaxRank];
        private readonly int[] sizes = new int[FormatLayout.MaxRank];
        private readonly int[] steps = new int[FormatLayout.MaxRank];
        private readonly int[][] maps = new int[FormatLayout.MaxRank][];

        internal Pad(BindContext context)
        {
            TensorInfo x = context.Input(0);
            TensorInfo y = context.Output();
            input = context.InputElements(0);
            output = context.OutputElements();
            axes = x.Rank;
            while (axes > 0 && x.Dimension(axes - 1) == y.Dimension(axes - 1))
            {
                axes--;
                run *= x.Dimension(axes);
            }

            PadMode mode = (PadMode)context.Operator.Int(PadRule.Mode);
            int step = run;
            for (int axis = axes - 1; axis >= 0; axis--)
            {
                sizes[axis] = x.Dimension(axis);
                steps[axis] = step;
                step *= sizes[axis];
                before[axis] = context.Operator.Int(PadRule.Before + axis);
                maps[axis] = new int[y.Dimension(axis)];
                for (int i = 0; i < maps[axis].Length; i++)
                {
                    maps[axis][i] = Source(i - before[axis], sizes[axis], mode);
                }
            }

            values = Values(context, axes == 0 ? 1 : run * maps[axes - 1].Length);
        }

        internal override void Run()
        {
            if (axes == 0)
            {
                Array.Copy(input, 0, output, 0, run);
                return;
            }

            Fill(0, 0, 0);
        }

        private static int Source(int position, int size, PadMode mode)
        {
            if (position >= 0 && position < size)
            {
                return position;
            }

            switch (mode)
            {
                case PadMode.Reflect: return position < 0 ? -position : (2 * (size - 1)) - position;
                case PadMode.Edge: return position < 0 ? 0 : size - 1;
                case PadMode.Wrap: return ((position % size) + size) % size;
                default: return -1;
            }
        }

        // A row of the last padded axis of nothing but the value.
        private static Array Values(BindContext context, int count)
        {
            switch (context.Input(0).Type)
            {
                case TensorType.Float32:
                    float[] floats = new float[count];
                    for (int i = 0; i < count; i++)
                    {
                        floats[i] = context.Operator.Float(PadRule.Value);
                    }

                    return floats;
                case TensorType.Int8:
                    sbyte[] int8s = new sbyte[count];
                    for (int i = 0; i < count; i++)
                    {
                        int8s[i] = (sbyte)context.Operator.Int(PadRule.Value);
                    }

                    return int8s;
                case TensorType.Int16:
                    short[] int16s = new short[count];
                    for (int i = 0; i < count; i++)
                    {
                        int16s[i] = (short)context.Operator.Int(PadRule.Value);
                    }

                    return int16s;
                default:
                    int[] int32s = new int[count];
                    for (int i = 0; i < count; i++)
                    {
                        int32s[i] = context.Operator.Int(PadRule.Value);
                    }

                    return int32s;
            }
        }

        // A negative source is a place outside x on an axis before this one.
        private int Fill(int axis, int source, int index)
        {
            int[] map = maps[axis];
            if (axis == axes - 1)
            {
                return FillRow(map, source, index);
            }

            for (int i = 0; i < map.Length; i++)
            {
                index = Fill(axis + 1, source < 0 || map[i] < 0 ? -1 : source + (map[i] * steps[axis]), index);
            }

            return index;
        }

        private int FillRow(int[] map, int source, int index)
        {
            int length = map.Length * run;
            if (source < 0)
            {
                Array.Copy(values, 0, output, index, length);
                return index + length;
            }

            int first = before[axes - 1];
            int size = sizes[axes - 1];
            Array.Copy(input, source, output, index + (first * run), size * run);
            for (int i = 0; i < map.Length; i++)
            {
                // What lies between was one copy.
                i = i == first ? i + size : i;
                if (i < map.Length)
                {
                    Array.Copy(map[i] < 0 ? values : input, map[i] < 0 ? 0 : source + (map[i] * run), output, index + (i * run), run);
                }
            }

            return index + length;
        }
    }
}

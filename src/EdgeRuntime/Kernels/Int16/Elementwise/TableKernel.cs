using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Numerics;

namespace EdgeInference.Runtime.Kernels.Int16.Elementwise;

/// <summary>
/// Table: any unary function of an int16 tensor by <see cref="InterpolationTable"/>. The fast form evaluates the cubic of
/// the input's segment, the reference looks the output up among all 65,536, which the shared code computed.
/// </summary>
internal static unsafe class TableKernel
{
    private const int Inputs = 1 << 16;

    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo table = context.Input(1);
        var source = new Source { Segments = (int*)context.InputData(1), Length = table.Elements };
        int preparedBytes = Prepare(source).Length * sizeof(int);
        var arguments = new Arguments
        {
            Input = (short*)context.InputData(0),
            Output = context.OutputData(),
            Elements = context.Elements(0),
            Table = context.Fast
                ? context.Shared(preparedBytes, source, CopyPrepared)
                : context.Shared(Inputs * sizeof(short), source, FillOutputs),
        };
        bool int8 = context.Output().Type == TensorType.Int8;
        return context.Fast
            ? new BoundKernel(int8 ? &RunToInt8 : &RunToInt16, context.Keep(arguments))
            : new BoundKernel(int8 ? &RunReferenceToInt8 : &RunReferenceToInt16, context.Keep(arguments));
    }

    private static int[] Prepare(Source source) => InterpolationTable.Prepare(new ReadOnlySpan<int>(source.Segments, source.Length).ToArray());

    private static void CopyPrepared(byte* destination, Source source)
    {
        int[] prepared = Prepare(source);
        prepared.CopyTo(new Span<int>(destination, prepared.Length));
    }

    private static void FillOutputs(byte* destination, Source source)
    {
        int[] prepared = Prepare(source);
        for (int i = 0; i < Inputs; i++)
        {
            ((short*)destination)[i] = (short)InterpolationTable.Evaluate(i + short.MinValue, prepared);
        }
    }

    private static void RunToInt16(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            ((short*)a.Output)[i] = (short)Evaluate(a.Input[i], (int*)a.Table);
        }
    }

    private static void RunToInt8(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            ((sbyte*)a.Output)[i] = (sbyte)Evaluate(a.Input[i], (int*)a.Table);
        }
    }

    private static void RunReferenceToInt16(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            ((short*)a.Output)[i] = ((short*)a.Table)[a.Input[i] - short.MinValue];
        }
    }

    private static void RunReferenceToInt8(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        for (nint i = 0; i < a.Elements; i++)
        {
            ((sbyte*)a.Output)[i] = (sbyte)((short*)a.Table)[a.Input[i] - short.MinValue];
        }
    }

    // InterpolationTable.Evaluate without bounds checks: the file's check keeps every step inside.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Evaluate(int x, int* prepared)
    {
        int* segment = prepared + prepared[(x >> InterpolationTable.CellBits) + (InterpolationTable.Cells / 2)];
        int key = (x << InterpolationTable.ShiftBits) + (1 << InterpolationTable.ShiftBits) - 1;
        while (key >= segment[InterpolationTable.SegmentLength])
        {
            segment += InterpolationTable.SegmentLength;
        }

        int shift = *segment & ((1 << InterpolationTable.ShiftBits) - 1);
        long t = x - (*segment >> InterpolationTable.ShiftBits);
        long sum = segment[4];
        sum = ((sum * t) >> shift) + segment[3];
        sum = ((sum * t) >> shift) + segment[2];
        sum = ((sum * t) >> shift) + segment[1];
        return (int)(sum >> InterpolationTable.FractionBits);
    }

    [StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
    private struct Source
    {
        internal int* Segments;
        internal int Length;
    }

    private struct Arguments
    {
        internal short* Input;
        internal byte* Table;
        internal byte* Output;
        internal nint Elements;
    }
}

using System.Buffers.Binary;
using System.Diagnostics;

namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>An ADS1115 by its data sheet: a conversion of the input and range that its configuration names takes as long as its rate says.</summary>
internal sealed class Ads1115Chip : Chip
{
    private static readonly int[] Rates = [8, 16, 32, 64, 128, 250, 475, 860];
    private static readonly double[] Ranges = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];

    private readonly byte[] bytes = new byte[2];
    private long converting;
    private short converted;

    /// <summary>Volts at the four inputs.</summary>
    internal double[] Volts { get; } = new double[4];

    internal ushort Configuration { get; private set; } = 0x8583;

    protected override void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 2 && Pointer == 1)
        {
            Configuration = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            converting = Stopwatch.GetTimestamp();
        }
    }

    protected override void Read(Span<byte> answer)
    {
        bool over = Stopwatch.GetElapsedTime(converting).TotalSeconds >= 1.0 / Rates[(Configuration >> 5) & 7];
        if (over)
        {
            converted = Convert();
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes, Pointer == 1 ? (ushort)(over ? Configuration | 0x8000 : Configuration & 0x7FFF) : unchecked((ushort)converted));
        bytes.AsSpan(0, answer.Length).CopyTo(answer);
    }

    private short Convert()
    {
        int mux = (Configuration >> 12) & 7;
        double volts = mux switch { 0 => Volts[0] - Volts[1], 1 => Volts[0] - Volts[3], 2 => Volts[1] - Volts[3], 3 => Volts[2] - Volts[3], _ => Volts[mux - 4] };
        return (short)Math.Clamp(Math.Round(volts / Ranges[(Configuration >> 9) & 7] * 32768), short.MinValue, short.MaxValue);
    }
}

using System.Buffers.Binary;
using System.Diagnostics;

namespace EdgeInference.Devices.Bindings.Tests.Doubles;

/// <summary>A BME280 by its data sheet: until its first measurement is over, 9.3 ms after it was told to measure, the data registers hold their reset value.</summary>
internal sealed class Bme280Chip : RegisterChip
{
    private static readonly TimeSpan Measurement = TimeSpan.FromMilliseconds(9.3);

    private long measuringSince = long.MaxValue;

    internal Bme280Chip(params int[] calibration)
    {
        Registers[0xD0] = 0x60;
        Calibration = calibration.Length > 0 ? calibration : [27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000, 75, 370, 0, 313, 50, 30];
        for (int i = 0; i < 12; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(Registers.AsSpan(0x88 + (2 * i)), unchecked((ushort)Calibration[i]));
        }

        (int h1, int h2, int h3, int h4, int h5, int h6) = (Calibration[12], Calibration[13], Calibration[14], Calibration[15], Calibration[16], Calibration[17]);
        Registers[0xA1] = (byte)h1;
        BinaryPrimitives.WriteInt16LittleEndian(Registers.AsSpan(0xE1), (short)h2);
        Registers[0xE3] = (byte)h3;
        Registers[0xE4] = unchecked((byte)(h4 >> 4));
        Registers[0xE5] = unchecked((byte)((h4 & 15) | (h5 << 4)));
        Registers[0xE6] = unchecked((byte)(h5 >> 4));
        Registers[0xE7] = unchecked((byte)h6);
    }

    /// <summary>T1 to T3, P1 to P9, H1 to H6.</summary>
    internal int[] Calibration { get; }

    internal int Temperature { get; set; } = 519888;

    internal int Pressure { get; set; } = 415148;

    internal int Humidity { get; set; } = 30000;

    protected override void Write(ReadOnlySpan<byte> bytes)
    {
        int register = Pointer;
        base.Write(bytes);
        if (register == 0xF4 && bytes.Length > 0)
        {
            measuringSince = (bytes[0] & 3) == 3 ? Stopwatch.GetTimestamp() : long.MaxValue;
        }
    }

    protected override void Read(Span<byte> bytes)
    {
        bool measured = measuringSince != long.MaxValue && Stopwatch.GetElapsedTime(measuringSince) >= Measurement;
        Put(0xF7, measured ? Pressure : 0x80000);
        Put(0xFA, measured ? Temperature : 0x80000);
        BinaryPrimitives.WriteUInt16BigEndian(Registers.AsSpan(0xFD), (ushort)(measured ? Humidity : 0x8000));
        base.Read(bytes);
    }

    // 20 bits, the highest first.
    private void Put(int register, int value)
    {
        Registers[register] = (byte)(value >> 12);
        Registers[register + 1] = (byte)(value >> 4);
        Registers[register + 2] = (byte)(value << 4);
    }
}

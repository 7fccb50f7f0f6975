using System.Buffers.Binary;

namespace EdgeInference.Devices;

/// <summary>How a register holds a number.</summary>
public enum RegisterEncoding
{
    /// <summary>Two's complement, the high byte first.</summary>
    Int16BigEndian,

    /// <summary>Two's complement, the low byte first.</summary>
    Int16LittleEndian,

    /// <summary>Unsigned, the high byte first.</summary>
    UInt16BigEndian,

    /// <summary>Unsigned, the low byte first.</summary>
    UInt16LittleEndian,

    /// <summary>Two's complement, one byte.</summary>
    Int8,

    /// <summary>Unsigned, one byte.</summary>
    UInt8,
}

/// <summary>One channel in a burst of registers: value = scale · register + bias.</summary>
/// <param name="Offset">Bytes from the first register of the burst, 0 or more.</param>
/// <param name="Encoding">How the register holds its number.</param>
/// <param name="Scale">Units per step of the register.</param>
/// <param name="Bias">Units at register 0.</param>
public readonly record struct I2cChannel(int Offset, RegisterEncoding Encoding, float Scale = 1f, float Bias = 0f)
{
    internal int End => Offset + (Encoding is RegisterEncoding.Int8 or RegisterEncoding.UInt8 ? 1 : 2);

    internal float Decode(ReadOnlySpan<byte> burst)
    {
        ReadOnlySpan<byte> at = burst[Offset..];
        int raw = Encoding switch
        {
            RegisterEncoding.Int16BigEndian => BinaryPrimitives.ReadInt16BigEndian(at),
            RegisterEncoding.Int16LittleEndian => BinaryPrimitives.ReadInt16LittleEndian(at),
            RegisterEncoding.UInt16BigEndian => BinaryPrimitives.ReadUInt16BigEndian(at),
            RegisterEncoding.UInt16LittleEndian => BinaryPrimitives.ReadUInt16LittleEndian(at),
            RegisterEncoding.Int8 => (sbyte)at[0],
            _ => at[0],
        };
        return (Scale * raw) + Bias;
    }
}

/// <summary>A register and what is written into it.</summary>
public readonly record struct I2cRegisterWrite(byte Register, byte Value);

/// <summary>Describes an I2C sensor: identification, configuration and data registers.</summary>
public sealed record I2cSensorLayout
{
    /// <summary>The register that identifies the sensor, or null if it has none.</summary>
    public byte? IdRegister { get; init; }

    /// <summary>The expected value of <see cref="IdRegister"/>.</summary>
    public byte Id { get; init; }

    /// <summary>Written in this order when the sensor starts.</summary>
    public IReadOnlyList<I2cRegisterWrite> Setup { get; init; } = [];

    /// <summary>The first register of the burst that holds all channels.</summary>
    public required byte DataRegister { get; init; }

    /// <summary>The channels.</summary>
    public required IReadOnlyList<I2cChannel> Channels { get; init; }

    /// <summary>A name for each channel; empty if they have no names.</summary>
    public IReadOnlyList<string> ChannelNames { get; init; } = [];

    /// <summary>
    /// Acceleration of an MPU-6050 in g along x, y, z: range ±2 g (16,384 steps per g), 44 Hz low-pass, 125 samples a second.
    /// Source: InvenSense, "MPU-6000 and MPU-6050 Register Map and Descriptions", revision 4.2. The usual bus address is 0x68.
    /// </summary>
    public static I2cSensorLayout Mpu6050Acceleration { get; } = new()
    {
        IdRegister = 0x75,
        Id = 0x68,
        Setup = [new(0x6B, 0x01), new(0x1A, 0x03), new(0x19, 0x07), new(0x1C, 0x00)],
        DataRegister = 0x3B,
        Channels =
        [
            new(0, RegisterEncoding.Int16BigEndian, 1f / 16384f),
            new(2, RegisterEncoding.Int16BigEndian, 1f / 16384f),
            new(4, RegisterEncoding.Int16BigEndian, 1f / 16384f),
        ],
        ChannelNames = ["x", "y", "z"],
    };
}

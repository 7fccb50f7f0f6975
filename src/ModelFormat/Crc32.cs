#nullable enable

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace EdgeInference.ModelFormat;

/// <summary>CRC-32 (IEEE 802.3) of long spans: by carry-less multiplication on x64, by the instruction on Arm, else by eight tables.</summary>
/// <remarks>
/// EdgeInference.Nano's loop over one table is the definition; every path gives its values. Folding: Gopal et al., "Fast CRC Computation
/// for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009, with its constants computed. Eight tables: Kounavis and Berry, "A
/// Systematic Approach to Building High Performance Software-based CRC Generators", 2005.
/// </remarks>
internal static class Crc32
{
    private const int Lane = 16;
    private const int Lanes = 4;
    private const int Slices = 8;

    private static readonly uint[] slices = MakeSlices();

    // A lane's first eight bytes and its last are moved on by different powers: to the next four lanes, and to the next lane.
    private static readonly Vector128<ulong> fourLanesOn = Factors(Lanes * Lane * 8);
    private static readonly Vector128<ulong> oneLaneOn = Factors(Lane * 8);

    /// <summary>The register after the bytes.</summary>
    /// <param name="crc">The register before them, <see cref="Crc32Table.Initial"/> at first.</param>
    /// <param name="bytes">Any number of bytes.</param>
    internal static uint Update(uint crc, ReadOnlySpan<byte> bytes) =>
        Pclmulqdq.IsSupported && bytes.Length >= Lanes * Lane ? ByFolding(crc, bytes)
        : ArmCrc32.Arm64.IsSupported ? ByInstruction(crc, bytes)
        : ByTables(crc, bytes);

    /// <summary>The path of processors without an instruction for it, and of ends.</summary>
    internal static uint ByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> table = slices;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = table[(7 << 8) | (byte)word] ^ table[(6 << 8) | (byte)(word >> 8)]
                ^ table[(5 << 8) | (byte)(word >> 16)] ^ table[(4 << 8) | (byte)(word >> 24)]
                ^ table[(3 << 8) | (byte)(word >> 32)] ^ table[(2 << 8) | (byte)(word >> 40)]
                ^ table[(1 << 8) | (byte)(word >> 48)] ^ table[(byte)(word >> 56)];
        }

        foreach (byte value in bytes)
        {
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint ByInstruction(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = ArmCrc32.Arm64.ComputeCrc32(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = ArmCrc32.ComputeCrc32(crc, value);
        }

        return crc;
    }

    // Whole lanes as polynomials, each added to one further on that it is congruent to; the last lane and the rest by tables.
    private static uint ByFolding(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector128<ulong>> lanes = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        Vector128<ulong> a = lanes[0] ^ Vector128.CreateScalar((ulong)crc);
        Vector128<ulong> b = lanes[1];
        Vector128<ulong> c = lanes[2];
        Vector128<ulong> d = lanes[3];
        Vector128<ulong> factors = fourLanesOn;
        int i = Lanes;
        for (; i <= lanes.Length - Lanes; i += Lanes)
        {
            a = Moved(a, factors) ^ lanes[i];
            b = Moved(b, factors) ^ lanes[i + 1];
            c = Moved(c, factors) ^ lanes[i + 2];
            d = Moved(d, factors) ^ lanes[i + 3];
        }

        factors = oneLaneOn;
        a = Moved(Moved(Moved(a, factors) ^ b, factors) ^ c, factors) ^ d;
        for (; i < lanes.Length; i++)
        {
            a = Moved(a, factors) ^ lanes[i];
        }

        Span<byte> last = stackalloc byte[Lane];
        a.AsByte().CopyTo(last);
        return ByTables(ByTables(0, last), bytes[(lanes.Length * Lane)..]);
    }

    private static Vector128<ulong> Moved(Vector128<ulong> lane, Vector128<ulong> factors) =>
        Pclmulqdq.CarrylessMultiply(lane, factors, 0x00) ^ Pclmulqdq.CarrylessMultiply(lane, factors, 0x11);

    private static Vector128<ulong> Factors(int bits) => Vector128.Create((ulong)Power(bits + 32) << 1, (ulong)Power(bits - 32) << 1);

    // The remainder of x^exponent, highest power in the lowest bit.
    private static uint Power(int exponent)
    {
        uint remainder = 0x80000000u;
        for (int i = 0; i < exponent; i++)
        {
            remainder = (remainder & 1) != 0 ? (remainder >> 1) ^ 0xEDB88320u : remainder >> 1;
        }

        return remainder;
    }

    // Table k has the remainders of a byte followed by k zero bytes.
    private static uint[] MakeSlices()
    {
        uint[] first = Crc32Table.Make();
        uint[] tables = new uint[Slices << 8];
        first.CopyTo(tables, 0);
        for (int i = 1 << 8; i < tables.Length; i++)
        {
            uint before = tables[i - (1 << 8)];
            tables[i] = first[(byte)before] ^ (before >> 8);
        }

        return tables;
    }
}

using System.Text;

namespace EdgeInference.ModelFormat.Tests;

public class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_standard_comes_out()
    {
        // CRC-32/ISO-HDLC of "123456789" is 0xCBF43926; the four bytes after "1234" are those left out.
        byte[] bytes = Encoding.ASCII.GetBytes("1234----56789");
        Assert.Equal(0xCBF43926u, new ModelBytes(bytes).Crc32(0, bytes.Length, 4));
    }

    // Around the sizes from which on bytes are taken by eight, sixteen and sixty-four.
    [Fact]
    public void Every_length_and_start_gives_the_value_of_one_byte_after_the_other()
    {
        byte[] bytes = new byte[700];
        new Random(32).NextBytes(bytes);
        for (int length = 0; length < 300; length++)
        {
            AssertSame(bytes.AsSpan(length % 17, length));
        }

        AssertSame(bytes);
        AssertSame(new byte[257]);
    }

    [Fact]
    public void A_part_continues_where_the_one_before_it_ended()
    {
        byte[] bytes = new byte[400];
        new Random(33).NextBytes(bytes);
        uint whole = Crc32.Update(Crc32Table.Initial, bytes);
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(whole, Crc32.Update(Crc32.Update(Crc32Table.Initial, bytes.AsSpan(..split)), bytes.AsSpan(split..)));
        }
    }

    private static void AssertSame(ReadOnlySpan<byte> bytes)
    {
        uint[] table = Crc32Table.Make();
        foreach (uint start in (ReadOnlySpan<uint>)[0, Crc32Table.Initial, 0x12345678])
        {
            uint expected = start;
            foreach (byte value in bytes)
            {
                expected = table[(byte)(expected ^ value)] ^ (expected >> 8);
            }

            Assert.Equal(expected, Crc32.Update(start, bytes));
            Assert.Equal(expected, Crc32.ByTables(start, bytes));
        }
    }
}

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
}

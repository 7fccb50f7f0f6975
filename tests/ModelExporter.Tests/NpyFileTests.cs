using System.Text;
using EdgeInference.ModelConverter.Data;

namespace EdgeInference.Tool.Tests;

public class NpyFileTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        (int[] shape, float[] data) = NpyFile.Parse(NpyFile.Write([2, 3], [1f, 2f, 3f, 4f, 5f, 6f]), "x.npy");
        Assert.Equal([2, 3], shape);
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], data);
    }

    [Fact]
    public void Fortran_order_is_turned_around()
    {
        // numpy.asfortranarray([[1, 2, 3], [4, 5, 6]]) holds 1 4 2 5 3 6.
        byte[] file = NpyFile.Write([2, 3], [1f, 4f, 2f, 5f, 3f, 6f]);
        byte[] turned = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace("'fortran_order': False", "'fortran_order': True ", StringComparison.Ordinal));
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], NpyFile.Parse(turned, "x.npy").Data);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(140)]
    public void A_file_cut_short_is_refused(int length) =>
        Assert.Throws<InputException>(() => NpyFile.Parse(NpyFile.Write([2, 3], [1f, 2f, 3f, 4f, 5f, 6f]).AsSpan(0, length), "x.npy"));
}

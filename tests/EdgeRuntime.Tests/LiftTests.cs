using EdgeInference.ModelFormat;
using Fuzz;

namespace EdgeInference.Runtime.Tests;

/// <summary>Files of format version 1, lifted: what was valid says the same, what was at fault is at the same fault. b2_int8.v1.edge is shared/cases/nano/b2_int8.edge.</summary>
public class LiftTests
{
    // The row that was handed over with the file, its NaN as 0.
    private static readonly float[] row = [0f, -0.5f, 0.3f, 1f, 0.2f];

    [Fact]
    public void A_valid_file_says_the_same()
    {
        using EdgeModel model = EdgeModel.Load(FormatLifter.Lift(Old()));
        Assert.Equal((5, OutputRole.Probability), (model.InputLength, model.File.Decision.Role(0)));
        Assert.True(SelfTest.Count(model) > 0);
        Assert.True(SelfTest.Run(model));
        Assert.NotEmpty(model.File.TensorNames());
        using var classifier = new Classifier(model);
        Assert.NotEqual(Decision.None, classifier.Classify(row).ClassIndex);
        Decision gap = classifier.Classify([float.NaN, .. row[1..]]);
        Assert.Equal((Decision.None, DecisionReason.NotFinite), (gap.ClassIndex, gap.Reason));
    }

    [Theory]
    [InlineData(0, 0x44, "header", "does not begin with 'EDGE'")]
    [InlineData(16, 1, "header", "flag")]
    [InlineData(27, 0x7F, "header", "arena")]
    [InlineData(20, 0, "header", "sections")]
    [InlineData(32, 9, "section table", "section 1 is missing")]
    [InlineData(43, 0x7F, "section table", "is not within the file")]
    public void A_fault_stays_the_same_fault(int offset, byte value, string section, string reason)
    {
        byte[] old = Old();
        old[offset] = value;
        BitConverter.TryWriteBytes(old.AsSpan(12), new ModelBytes(old).Crc32(0, old.Length, 12));
        RefusedAs(section, reason, old);
    }

    [Theory]
    [InlineData(0, 9, "type, rank or storage")]
    [InlineData(1, 7, "type, rank or storage")]
    [InlineData(4, 0, "dimension of 0")]
    [InlineData(31, 0x70, "is not within the arena")]
    public void A_fault_of_a_tensor_stays_with_it(int offset, byte value, string reason)
    {
        byte[] old = Old();
        old[BitConverter.ToInt32(old, 36) + offset] = value;
        BitConverter.TryWriteBytes(old.AsSpan(12), new ModelBytes(old).Crc32(0, old.Length, 12));
        RefusedAs("tensors", reason, old);
    }

    [Fact]
    public void A_wrong_checksum_stays_wrong_and_a_cut_file_cut()
    {
        byte[] old = Old();
        old[12] ^= 1;
        RefusedAs("header", "CRC-32", old);
        RefusedAs("header", "declares", Old()[..^8]);
        RefusedAs("header", "is shorter than its header", Old()[..20]);
    }

    // shared/cases/safety/softmax-oob.edge: its int8 Softmax read outside its table, because its input and output overlap.
    [Fact]
    public void A_softmax_over_its_own_output_is_refused() =>
        RefusedAs("operators", "share bytes while both are in use", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "softmax-oob.v1.edge")));

    // shared/cases/safety/avgpool-div.edge: 65537 × 65535 elements are −1 in int32.
    [Fact]
    public void A_pool_whose_elements_pass_32_bits_is_refused() =>
        RefusedAs("operators", "has a window of more elements than 32 bits count", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "avgpool-div.v1.edge")));

    [Fact]
    public void A_file_of_version_1_is_refused_by_its_version() =>
        Assert.Contains("format version 1", Assert.Throws<ModelFormatException>(() => EdgeModel.Load(Old())).Message, StringComparison.Ordinal);

    private static void RefusedAs(string section, string reason, byte[] old)
    {
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => ModelFile.Read(new ModelBytes(FormatLifter.Lift(old))));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Equal(section, fault.Section);
    }

    private static byte[] Old() => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "b2_int8.v1.edge"));
}

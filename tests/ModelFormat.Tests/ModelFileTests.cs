namespace EdgeInference.ModelFormat.Tests;

public class ModelFileTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        ModelFile file = Read(SampleModel.Float32());
        Assert.Equal(2, file.Operators.Length);
        Assert.Equal(Opcode.Dense, file.Operators[0].Info.Opcode);
        Assert.Equal(0.01f, file.Operators[0].Float(1));
        Assert.Equal("[1, 3]", file.Inputs[0].ShapeText());
        Assert.Equal("[1, 1]", file.Outputs[0].ShapeText());
        Assert.Equal("sample", file.Metadata.Text(MetadataKey.Name));
        Assert.Equal(["no", "yes, täglich"], file.Metadata.TextList(MetadataKey.Labels));
        Assert.Equal([0.25f], file.Metadata.Floats(MetadataKey.Threshold));
        Assert.Equal(32, file.Metadata.PayloadLength(MetadataKey.SourceHash));
        Assert.Equal("", file.Metadata.Text(MetadataKey.Producer));
        TensorInfo weights = file.Operators[0].Inputs[1];
        Assert.Equal(0.25f, file.Bytes.F32(weights.Offset + 8));
        Assert.Equal(0, weights.Offset % 4);
    }

    [Fact]
    public void The_same_calls_give_the_same_bytes() => Assert.Equal(SampleModel.Int8(), SampleModel.Int8());

    [Fact]
    public void Another_major_version_is_refused_and_a_higher_minor_one_is_not()
    {
        byte[] file = SampleModel.Float32();
        file[FormatLayout.MinorVersionOffset] = 200;
        Writing.ModelBuilder.WriteCrc(file);
        Assert.Equal(2, Read(file).Operators.Length);
        file[FormatLayout.MajorVersionOffset] = FormatLayout.MajorVersion + 1;
        Writing.ModelBuilder.WriteCrc(file);
        var exception = Assert.Throws<ModelFormatException>(() => Read(file));
        Assert.Equal("header", exception.Section);
        Assert.Equal(FormatLayout.MajorVersionOffset, exception.Offset);
    }

    [Fact]
    public void Bytes_after_the_model_are_a_signature_block_or_refused()
    {
        byte[] file = [.. SampleModel.Float32(), .. new byte[SignatureBlock.Bytes]];
        Assert.Equal("signature", Assert.Throws<ModelFormatException>(() => Read(file)).Section);
    }

    [Fact]
    public void A_rule_names_the_operator_that_breaks_it()
    {
        byte[] file = SampleModel.Float32();
        int operators = Read(file).Operators[0].Offset;

        // The activation of the first Dense becomes PReLU, which it cannot carry.
        // Three inputs and an output, then the codes of six parameters.
        int activation = operators + FormatLayout.OperatorHeaderBytes + (4 * 2) + 2;
        Assert.Equal((int)ActivationKind.LeakyReLU, file[activation]);
        file[activation] = (int)ActivationKind.PReLU;
        Writing.ModelBuilder.WriteCrc(file);
        var exception = Assert.Throws<ModelFormatException>(() => Read(file));
        Assert.Contains("operator 0 (Dense) cannot fuse PReLU", exception.Message, StringComparison.Ordinal);
        Assert.Equal(operators, exception.Offset);
    }

    private static ModelFile Read(byte[] file) => ModelFile.Read(new ModelBytes(file));
}

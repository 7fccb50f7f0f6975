using EdgeInference.ModelFormat.Writing;

namespace EdgeInference.ModelFormat.Tests;

/// <summary>Tensors of the arena share bytes only where no two of them are needed at once, or where the operator works in place.</summary>
public class LifetimeTests
{
    private static int[] Elementwise => new int[OperatorTable.Find((int)Opcode.Add).Parameters.Length];

    private static readonly int[] relu = [(int)ActivationKind.ReLU, 0, 0];

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, false)]
    [InlineData(12, false)]
    [InlineData(16, true)]
    public void An_output_takes_the_place_of_its_input_exactly_or_not_at_all(int offset, bool valid) =>
        Check(valid, "share bytes", builder =>
        {
            int x = Arena(builder, 0);
            int y = Arena(builder, offset);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Activation, [x], [y], relu);
            builder.AddOutput(y);
        });

    [Fact]
    public void An_operator_that_reads_an_element_again_does_not_work_in_place() =>
        Check(false, "share bytes", builder =>
        {
            int x = Arena(builder, 0);
            int y = Arena(builder, 0);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Softmax, [x], [y], [BitConverter.SingleToInt32Bits(1f), 0, 0, 0]);
            builder.AddOutput(y);
        });

    [Theory]
    [InlineData(0, false)]
    [InlineData(32, true)]
    public void A_tensor_that_is_read_later_keeps_its_place(int offset, bool valid) =>
        Check(valid, "share bytes", builder =>
        {
            int x = Arena(builder, 0);
            int a = Arena(builder, 16);
            int b = Arena(builder, offset);
            int c = Arena(builder, 48);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Activation, [x], [a], relu);
            builder.AddOperator(Opcode.Activation, [a], [b], relu);
            builder.AddOperator(Opcode.Add, [b, x], [c], Elementwise);
            builder.AddOutput(c);
        });

    [Fact]
    public void Bytes_of_what_nobody_reads_any_more_are_used_again() =>
        Check(true, "", builder =>
        {
            int x = Arena(builder, 0);
            int a = Arena(builder, 16);
            int b = Arena(builder, 8);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Activation, [x], [a], relu);
            int c = Arena(builder, 32);
            builder.AddOperator(Opcode.Activation, [a], [c], relu);
            builder.AddOperator(Opcode.Activation, [c], [b], relu);
            builder.AddOutput(b);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_output_of_the_model_is_needed_to_the_end(bool isOutput) =>
        Check(!isOutput, "share bytes", builder =>
        {
            int x = Arena(builder, 0);
            int a = Arena(builder, 16);
            int b = Arena(builder, 32);
            int c = Arena(builder, 16);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Activation, [x], [a], relu);
            builder.AddOperator(Opcode.Activation, [a], [b], relu);
            builder.AddOperator(Opcode.Activation, [b], [c], relu);
            builder.AddOutput(c);
            if (isOutput)
            {
                builder.AddOutput(a);
            }
        });

    [Fact]
    public void A_tensor_is_written_once() =>
        Check(false, "already written", builder =>
        {
            int x = Arena(builder, 0);
            int a = Arena(builder, 16);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Activation, [x], [a], relu);
            builder.AddOperator(Opcode.Activation, [x], [a], relu);
            builder.AddOutput(a);
        });

    [Fact]
    public void An_input_is_written_by_the_caller_alone() =>
        Check(false, "already written", builder =>
        {
            int x = Arena(builder, 0);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Activation, [x], [x], relu);
            builder.AddOutput(x);
        });

    [Theory]
    [InlineData(0, true)]
    [InlineData(8, false)]
    public void A_reshaped_tensor_is_its_source(int offset, bool valid) =>
        Check(valid, "share bytes", builder =>
        {
            int x = Arena(builder, 0);
            int a = builder.AddTensor(TensorType.Float32, [2, 2], offset);
            int b = Arena(builder, 32);
            int c = Arena(builder, 48);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Reshape, [x], [a], []);
            builder.AddOperator(Opcode.Activation, [x], [b], relu);
            int d = builder.AddTensor(TensorType.Float32, [2, 2], 64);
            builder.AddOperator(Opcode.Activation, [a], [d], relu);
            builder.AddOperator(Opcode.Activation, [b], [c], relu);
            builder.AddOutput(c);
            builder.AddOutput(d);
        });

    [Theory]
    [InlineData(32, false)]
    [InlineData(16, true)]
    public void A_state_keeps_its_bytes(int offset, bool valid) =>
        Check(valid, "share bytes", builder =>
        {
            int x = Arena(builder, 0);
            int state = builder.AddTensor(TensorType.Float32, [1, 4], 32, storage: TensorStorage.State);
            int y = Arena(builder, offset);
            builder.AddInput(x);
            builder.AddOperator(Opcode.Add, [x, state], [y], Elementwise);
            builder.AddOutput(y);
        });

    private static int Arena(ModelBuilder builder, int offset) => builder.AddTensor(TensorType.Float32, [1, 4], offset);

    private static void Check(bool valid, string reason, Action<ModelBuilder> build)
    {
        var builder = new ModelBuilder();
        build(builder);
        if (valid)
        {
            Assert.NotEmpty(builder.Build());
            return;
        }

        ModelFormatException fault = Assert.Throws<ModelFormatException>(builder.Build);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Contains(fault.Section, (string[])["operators", "tensors"]);
    }
}

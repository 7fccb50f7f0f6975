extern alias nano;

using System.Reflection;
using ModelExporter.Emit;
using ModelFormat;
using ModelFormat.Writing;
using Engine = nano::EdgeRuntime.Nano;

namespace EdgeRuntime.Nano.Tests;

public class DecisionTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(new float[] { 0f, 2f, -0.7f }, null)]
    [InlineData(new float[] { 0f, 2f, -0.7f }, new float[] { 0.3f, 0.6f })]
    [InlineData(null, new float[] { 0.4f, 0.6f })]
    public void Both_forms_decide_as_the_desktop_does(float[]? calibration, float[]? band)
    {
        byte[] file = Model(calibration, band);
        using EdgeModel model = EdgeModel.Load(file);
        using var classifier = new BinaryClassifier(model);
        var session = new Engine.NanoSession(Engine.NanoModel.Load(file));
        Assembly assembly = Assembly.Load(EmittedCode.Compile(NanoEmitter.Emit(file, new EmitOptions()).Files));
        MethodInfo classify = assembly.GetType("Models.Model")!.GetMethod("Classify")!;
        var labels = new HashSet<int>();
        for (float p = 0f; p <= 1f; p += 1f / 512)
        {
            Decision expected = classifier.Decide([p]);
            Assert.Equal(expected.Label, session.Classify([p]));
            Assert.Equal(expected.Probability, session.Scores[0]);
            Assert.Equal(expected.Label, classify.Invoke(null, [new float[] { p }]));
            labels.Add(expected.Label);
        }

        Assert.Equal(band is null ? 2 : 3, labels.Count);
    }

    // The output is the input: a probability.
    private static byte[] Model(float[]? calibration, float[]? band)
    {
        var builder = new ModelBuilder();
        int input = builder.AddTensor(TensorType.Float32, [1, 1], 0);
        int output = builder.AddTensor(TensorType.Float32, [1, 1], 64);
        builder.AddOperator(Opcode.Activation, [input], [output], [(int)ActivationKind.Linear, 0, 0]);
        builder.AddInput(input);
        builder.AddOutput(output);
        if (calibration is not null)
        {
            calibration[0] = (int)CalibrationMethod.Platt;
            builder.AddFloats(MetadataKey.Calibration, calibration);
        }

        if (band is not null)
        {
            builder.AddFloats(MetadataKey.AbstainBand, band);
        }

        return builder.Build();
    }
}

using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Train;

public class GradientTests
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (ActivationFunction function in ActivationFunctions.All)
            {
                cases.Add(function.Name, 2);
                cases.Add(function.Name, 3);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_gradient_is_the_slope_of_loss_and_penalty(string activation, int classes)
    {
        const double L2 = 0.03;
        const double Step = 1e-5;
        ActivationKind kind = ActivationFunctions.Find(activation)!.Kind;
        LabelledTable table = TrainingData.Blobs(classes, 5, 12, seed: 3);
        double[][] rows = [.. table.Rows.Select(row => Array.ConvertAll(row, x => 1.7 * x))];
        int[] batch = [.. Enumerable.Range(0, rows.Length)];
        var network = new Network(5, [6, 4], kind, classes == 2 ? 1 : classes);
        double[] parameters = network.Initialize(new Xoshiro256(5));
        var random = new Random(11);
        for (int i = 0; i < parameters.Length; i++)
        {
            // Biases and slopes away from their equal first values, so that a mix-up between units shows.
            parameters[i] += 0.2 * random.NextDouble();
        }

        var gradient = new double[parameters.Length];
        network.Gradient(parameters, rows, table.Labels, batch, L2, gradient);
        for (int i = 0; i < parameters.Length; i++)
        {
            double value = parameters[i];
            parameters[i] = value + Step;
            double above = Objective();
            parameters[i] = value - Step;
            double below = Objective();
            parameters[i] = value;
            double slope = (above - below) / (2 * Step);
            Assert.True(Math.Abs(slope - gradient[i]) < 1e-8 + (1e-6 * Math.Abs(slope)), $"parameter {i}: slope {slope:R}, gradient {gradient[i]:R}");
        }

        Assert.True(kind == ActivationKind.Step || gradient.Take(network.Layers[0].WeightCount).Count(g => g != 0) > 10);

        double Objective() => network.Loss(parameters, rows, table.Labels, batch)
            + (L2 / 2 * network.Layers.Sum(layer => parameters.AsSpan(layer.Weights, layer.WeightCount).ToArray().Sum(w => w * w)));
    }

    [Theory]
    [InlineData(800.0)]
    [InlineData(-800.0)]
    public void The_loss_of_far_logits_stays_a_number(double z)
    {
        double[] gradient = new double[1];
        Assert.Equal(z > 0 ? 800 : 0, CrossEntropy.Of([z], 0, gradient), 1e-12);
        Assert.Equal(z > 0 ? 1 : 0, gradient[0], 1e-12);
        double[] gradients = new double[2];
        Assert.Equal(z > 0 ? 0 : 800, CrossEntropy.Of([z, 0], 0, gradients), 1e-12);
        Assert.Equal([z > 0 ? 0.0 : -1.0, z > 0 ? 0.0 : 1.0], gradients);
    }

    [Fact]
    public void The_loss_is_that_of_the_definition()
    {
        double[] gradient = new double[3];
        double loss = CrossEntropy.Of([0.5, -1.25, 2], 1, gradient);
        double sum = Math.Exp(0.5) + Math.Exp(-1.25) + Math.Exp(2);
        Assert.Equal(-Math.Log(Math.Exp(-1.25) / sum), loss, 1e-14);
        Assert.Equal((Math.Exp(-1.25) / sum) - 1, gradient[1], 1e-14);
        Assert.Equal(-Math.Log(1 / (1 + Math.Exp(-0.75))), CrossEntropy.Of([0.75], 1, gradient), 1e-14);
    }
}

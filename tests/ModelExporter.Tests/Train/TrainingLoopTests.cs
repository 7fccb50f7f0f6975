using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining;

namespace EdgeInference.Tool.Tests.Train;

/// <summary>
/// Epochs, batches and early stopping, on a network of one bias whose optimizer is a script: every row is all zeros and of class 1,
/// so that the loss is ln(1 + e^−bias).
/// </summary>
public sealed class TrainingLoopTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 6)]
    [InlineData(3, 7)]
    [InlineData(4, 8)]
    [InlineData(100, 9)]
    public void It_stops_when_patience_has_passed_without_a_lower_loss(int patience, int expectedEpochs)
    {
        // Better at 1 and 2, equal at 3, better at 4; never again.
        (TrainingLoop loop, double[] parameters) = Run([1, 2, 2, 3, 1, 2.5, 3, 3, 0], patience);
        int best = patience == 1 ? 2 : 4;
        Assert.Equal(expectedEpochs, loop.History.Count);
        Assert.Equal(best, loop.BestEpoch);
        Assert.Equal(best == 2 ? 2.0 : 3.0, parameters[1]);
    }

    [Fact]
    public void An_equal_loss_is_not_better()
    {
        (TrainingLoop loop, _) = Run([5, 5, 5, 5, 5], 2);
        Assert.Equal((1, 3), (loop.BestEpoch, loop.History.Count));
    }

    [Fact]
    public void Without_rows_kept_out_the_last_epoch_is_taken_and_nothing_stops_early()
    {
        (TrainingLoop loop, double[] parameters) = Run([3, 2, 1, 0.5], 1, validation: 0);
        Assert.Equal((4, 4), (loop.BestEpoch, loop.History.Count));
        Assert.Equal(0.5, parameters[1]);
        Assert.All(loop.History, epoch => Assert.True(double.IsNaN(epoch.ValidationLoss)));
    }

    [Fact]
    public void Each_epoch_reports_its_number_and_losses_of_the_definition()
    {
        (TrainingLoop loop, _) = Run([1, 2, 3], 10);
        Assert.Equal([1, 2, 3], loop.History.Select(epoch => epoch.Epoch));
        Assert.All(loop.History, epoch => Assert.Equal(3, epoch.Epochs));
        for (int i = 0; i < 3; i++)
        {
            // The training loss is that before the epoch's one step, the validation loss that after it.
            Assert.Equal(Loss(i), loop.History[i].TrainingLoss, 1e-14);
            Assert.Equal(Loss(i + 1), loop.History[i].ValidationLoss, 1e-14);
        }
    }

    [Theory]
    [InlineData(7, 3, 3)]
    [InlineData(6, 3, 2)]
    [InlineData(7, 7, 1)]
    [InlineData(7, 8, 1)]
    [InlineData(7, 1, 7)]
    public void An_epoch_sees_each_row_once_the_rest_in_a_smaller_batch(int rows, int batch, int steps)
    {
        // Row i has x = 3^i, so that the gradient by the weight tells which rows a batch had.
        double[][] values = [.. Enumerable.Range(0, rows).Select(i => new[] { Math.Pow(3, i) })];
        var seen = new List<(int Count, double Sum)>();
        var network = new Network(1, [], ActivationKind.ReLU, 1);
        var loop = new TrainingLoop(network, values, new int[rows], [.. Enumerable.Range(0, rows)], [])
        {
            Optimizer = new Script((_, gradient) => seen.Add((0, gradient[0] * 2))), Step = 1, BatchSize = batch, Epochs = 2, L2 = 0, Patience = 1,
        };
        double[] parameters = [0, 0];
        loop.Run(parameters, new Xoshiro256(1), null, CancellationToken.None);
        Assert.Equal(2 * steps, seen.Count);
        int[] sizes = [.. Enumerable.Range(0, steps).Select(i => Math.Min(batch, rows - (i * batch)))];
        foreach ((int Count, double Sum)[] epoch in seen.Chunk(steps))
        {
            // A gradient is the mean over its batch; at logit 0 each row of class 0 gives x / 2.
            Assert.Equal(values.Sum(row => row[0]), epoch.Zip(sizes, (step, size) => step.Sum * size).Sum(), 1e-9);
        }

        if (steps > 1)
        {
            Assert.NotEqual(seen[..steps], seen[steps..]);
        }

        Assert.Equal(Math.Log(2), loop.History[0].TrainingLoss, 1e-12);
    }

    [Fact]
    public void A_loss_of_batches_counts_rows_not_batches()
    {
        // Two batches, of 3 rows at bias 0 and of 1 row at bias 4.
        double bias = 0;
        var network = new Network(1, [], ActivationKind.ReLU, 1);
        var loop = new TrainingLoop(network, [[0], [0], [0], [0]], [1, 1, 1, 1], [0, 1, 2, 3], [])
        {
            Optimizer = new Script((parameters, _) => parameters[1] = bias += 4), Step = 1, BatchSize = 3, Epochs = 1, L2 = 0, Patience = 1,
        };
        loop.Run(new double[2], new Xoshiro256(1), null, CancellationToken.None);
        Assert.Equal(((3 * Loss(0)) + Loss(4)) / 4, loop.History[0].TrainingLoss, 1e-14);
    }

    [Fact]
    public void Rounded_parameters_are_run_with_and_exact_ones_are_kept()
    {
        var rounded = new List<double>();
        int before = 0;
        (TrainingLoop loop, double[] parameters) = Run([1.4, 2.4], 5, round: exact =>
        {
            double[] whole = Array.ConvertAll(exact, Math.Round);
            rounded.Add(whole[1]);
            return whole;
        }, beforeEpoch: _ => before++);
        Assert.Equal(2.4, parameters[1]);
        Assert.Equal(2, before);
        Assert.Equal([Loss(1), Loss(2)], loop.History.Select(epoch => epoch.ValidationLoss), (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal([Loss(0), Loss(1)], loop.History.Select(epoch => epoch.TrainingLoss), (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Theory]
    [InlineData(true, 0, 7.0, 3)]
    [InlineData(false, 3, 3.0, 4)]
    public void The_first_parameters_are_the_best_only_where_they_may_be(bool may, int best, double bias, int patience)
    {
        (TrainingLoop loop, double[] parameters) = Run([1, 2, 3, 0, 0, 0, 0, 0, 0, 0], patience, first: 7, mayKeepFirst: may);
        Assert.Equal(best, loop.BestEpoch);
        Assert.Equal(bias, parameters[1]);
        Assert.Equal(best + patience, loop.History.Count);
    }

    [Fact]
    public void The_first_loss_is_that_of_the_rounded_parameters_on_the_rows_kept_out()
    {
        // Rounded to their negatives the first parameters are the worst.
        (TrainingLoop loop, double[] parameters) = Run([3, 1, 2], 10, round: exact => Array.ConvertAll(exact, value => -value), first: 7, mayKeepFirst: true);
        Assert.Equal((2, 1.0), (loop.BestEpoch, parameters[1]));

        // The row kept out is of class 0, for which −7 is good; for those trained with it is bad.
        (loop, parameters) = Run([0, 1, 2], 2, first: -7, mayKeepFirst: true, keptLabel: 0);
        Assert.Equal((0, -7.0), (loop.BestEpoch, parameters[1]));
    }

    [Fact]
    public void A_loss_beyond_all_numbers_ends_it_though_the_parameters_are_numbers()
    {
        // Two rows of class 1 at a bias of −1e308 have a loss of 2e308.
        string message = Assert.Throws<InputException>(() => Run([-1e308, -1e308, 0], 5)).Message;
        Assert.Contains("after epoch 2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_are_no_numbers_end_it_with_the_step_size()
    {
        string message = Assert.Throws<InputException>(() => Run([1, double.NaN], 5, step: 0.25)).Message;
        Assert.Contains("is NaN or infinite after epoch 2; use a learning rate below 0.25", message, StringComparison.Ordinal);
        Assert.Contains("after epoch 1", Assert.Throws<InputException>(() => Run([double.PositiveInfinity], 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_stopped_between_two_epochs()
    {
        using var source = new CancellationTokenSource();
        var told = new List<int>();
        Assert.Throws<OperationCanceledException>(() => Run([1, 2, 3], 5, cancellation: source.Token, beforeEpoch: _ =>
        {
            told.Add(0);
            source.Cancel();
        }));
        Assert.Single(told);
    }

    private static double Loss(double bias) => Math.Log(1 + Math.Exp(-bias));

    private static (TrainingLoop Loop, double[] Parameters) Run(
        double[] biases, int patience, int validation = 1, Func<double[], double[]>? round = null, Action<double[]>? beforeEpoch = null, double first = 0, bool mayKeepFirst = false, double step = 1, int keptLabel = 1, CancellationToken cancellation = default)
    {
        int epoch = 0;
        var network = new Network(1, [], ActivationKind.ReLU, 1);
        int[] kept = validation == 0 ? [] : [2];
        var loop = new TrainingLoop(network, [[0], [0], [0]], [1, 1, keptLabel], [0, 1], kept)
        {
            Optimizer = new Script((parameters, _) => parameters[1] = biases[epoch++]),
            Step = step,
            BatchSize = 2,
            Epochs = biases.Length,
            L2 = 0,
            Patience = patience,
            MayKeepFirst = mayKeepFirst,
            Round = round ?? (exact => exact),
            BeforeEpoch = beforeEpoch ?? (_ => { }),
        };
        double[] parameters = [0, first];
        loop.Run(parameters, new Xoshiro256(1), null, cancellation);
        return (loop, parameters);
    }

    private sealed class Script(Action<double[], double[]> step) : IOptimizer
    {
        public void Step(double[] parameters, double[] gradient) => step(parameters, gradient);
    }
}

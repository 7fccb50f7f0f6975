using EdgeInference.ModelTraining;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>The losses of training, where <c>edge train</c> wrote them.</summary>
internal static class TrainingSection
{
    internal static Section? Make(ReportFacts facts)
    {
        if (facts.History is not { Count: > 0 } history)
        {
            return null;
        }

        bool validated = !double.IsNaN(history[0].ValidationLoss);
        IEnumerable<double> losses = history.SelectMany(epoch => new[] { epoch.TrainingLoss, epoch.ValidationLoss }).Where(double.IsFinite);
        var chart = new Chart("Training and validation loss by epoch", new Axis(1, Math.Max(2, history.Count), "epoch") { IsWhole = true }, Axis.FromZero(losses, "cross-entropy, nats"));
        chart.Line(history.Select(epoch => ((double)epoch.Epoch, epoch.TrainingLoss)), "s0").Legend("s0", "training");
        string best = "";
        if (validated)
        {
            TrainingProgress lowest = history.MinBy(epoch => epoch.ValidationLoss);
            chart.Line(history.Select(epoch => ((double)epoch.Epoch, epoch.ValidationLoss)), "s1").Legend("s1", "validation");
            chart.Dots([(lowest.Epoch, lowest.ValidationLoss)], "s1", 4);
            best = $" The dot is the lowest validation loss, {Html.Rate(lowest.ValidationLoss)} in epoch {lowest.Epoch}, whose weights are kept.";
        }

        return new Section("training", "Training", HtmlParts.Grid(HtmlParts.Figure("Loss by epoch", chart.ToSvg(), $"{Html.Count(history.Count)} epochs.{best}")));
    }
}

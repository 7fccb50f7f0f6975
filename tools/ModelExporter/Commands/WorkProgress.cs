using EdgeInference.ModelConverter.Pipeline;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary>Long work under a bar with the time left on a terminal; redirected, the bar is left out.</summary>
internal sealed class WorkProgress : ILongWork
{
    private WorkProgress()
    {
    }

    /// <summary>The one that steps of the pipeline are given.</summary>
    internal static ILongWork Steps { get; } = new WorkProgress();

    // An interruption ends the process; see Interruption.
    CancellationToken ILongWork.Cancellation => CancellationToken.None;

    /// <summary>Does the work.</summary>
    /// <param name="description">What is done, a few words.</param>
    /// <param name="work">The work; it reports the share that is done, 0 to 1.</param>
    internal static T Run<T>(string description, Func<IProgress<double>, T> work)
    {
        if (!Terminal.IsInteractive)
        {
            return work(new Share(_ => { }));
        }

        return Terminal.Console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(description), maxValue: 1);
                return work(new Share(share => task.Value = share));
            });
    }

    T ILongWork.Run<T>(string description, Func<IProgress<double>, T> work) => Run(description, work);

    // Progress<T> reports on another thread, after the work may have ended.
    private sealed class Share(Action<double> show) : IProgress<double>
    {
        public void Report(double value) => show(value);
    }
}

namespace EdgeInference.ModelConverter.Pipeline;

/// <summary>Work whose progress a caller of the library sees, and stops between two reports.</summary>
/// <param name="progress">Receives the fraction done, 0 to 1; or null.</param>
/// <param name="cancellation">Asks work to stop.</param>
internal sealed class ReportedWork(IProgress<double>? progress, CancellationToken cancellation) : ILongWork
{
    /// <inheritdoc/>
    public CancellationToken Cancellation => cancellation;

    /// <inheritdoc/>
    public T Run<T>(string description, Func<IProgress<double>, T> work)
    {
        cancellation.ThrowIfCancellationRequested();
        return work(new Share(progress, cancellation));
    }

    private sealed class Share(IProgress<double>? progress, CancellationToken cancellation) : IProgress<double>
    {
        public void Report(double value)
        {
            progress?.Report(value);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}

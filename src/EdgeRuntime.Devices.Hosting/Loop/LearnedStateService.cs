namespace EdgeInference.Devices.Hosting;

/// <summary>Keeps what the model learns, beside the loop and once more when the host stops.</summary>
/// <param name="keeper">Made at the first look, so that a host says of its settings first what is wrong with them.</param>
/// <param name="time">The time between two looks.</param>
internal sealed class LearnedStateService(Lazy<LearnedStateKeeper> keeper, TimeProvider time) : LoopWatch(time)
{
    protected override void Look() => keeper.Value.Look();
}

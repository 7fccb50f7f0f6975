using System.Device.Pwm;

namespace EdgeRuntime.Devices;

/// <summary>A PWM channel with a duty cycle for each label.</summary>
public sealed class PwmOutput : IDecisionOutput, IDisposable
{
    private readonly PwmChannel channel;
    private readonly double[] dutyCycles;
    private readonly double safeDutyCycle;

    /// <summary>Starts the channel in its safe state, and owns it.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="dutyCycles">A duty cycle for each label, 0 to 1.</param>
    /// <param name="safeDutyCycle">The duty cycle of the safe state and of labels without one, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A duty cycle is out of its range.</exception>
    public PwmOutput(PwmChannel channel, IReadOnlyList<double> dutyCycles, double safeDutyCycle = 0)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(dutyCycles);
        foreach (double duty in dutyCycles.Append(safeDutyCycle))
        {
            if (!(duty >= 0 && duty <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(dutyCycles), duty, "A duty cycle lies between 0 and 1.");
            }
        }

        this.channel = channel;
        this.dutyCycles = [.. dutyCycles];
        this.safeDutyCycle = safeDutyCycle;
        ApplySafe();
        channel.Start();
    }

    /// <inheritdoc/>
    public void Apply(int label) => channel.DutyCycle = label < dutyCycles.Length ? dutyCycles[label] : safeDutyCycle;

    /// <inheritdoc/>
    public void ApplySafe() => channel.DutyCycle = safeDutyCycle;

    /// <summary>Goes to the safe state and closes the channel, which stops it.</summary>
    public void Dispose()
    {
        ApplySafe();
        channel.Dispose();
    }
}

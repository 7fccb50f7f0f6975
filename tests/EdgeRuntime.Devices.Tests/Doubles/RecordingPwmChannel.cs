using System.Device.Pwm;

namespace EdgeInference.Devices.Tests.Doubles;

/// <summary>A PWM channel that records its duty cycles.</summary>
internal sealed class RecordingPwmChannel : PwmChannel
{
    private double dutyCycle;

    internal List<double> DutyCycles { get; } = [];

    internal bool IsRunning { get; private set; }

    public override int Frequency { get; set; } = 50;

    public override double DutyCycle
    {
        get => dutyCycle;
        set
        {
            dutyCycle = value;
            DutyCycles.Add(value);
        }
    }

    public override void Start() => IsRunning = true;

    public override void Stop() => IsRunning = false;

    protected override void Dispose(bool disposing)
    {
        Stop();
        base.Dispose(disposing);
    }
}

namespace EdgeInference.ModelFormat
{
    /// <summary>How a model's probability is made honest; the first float32 of the Calibration record.</summary>
    public enum CalibrationMethod
    {
        /// <summary>Two parameters, a above 0 and b: p' = sigmoid(a·logit(p) + b).</summary>
        Platt = 1,

        /// <summary>1 to 256 pairs (x, y), x rising, y not falling, all 0 to 1: p' runs in straight lines between them, and is level outside.</summary>
        Isotonic = 2,

        /// <summary>One parameter, T above 0: p' = sigmoid(logit(p) / T), or softmax(ln p / T) of several classes.</summary>
        Temperature = 3,
    }
}

namespace EdgeInference.ModelConverter.NanoProject;

/// <summary>What an emitted program reads.</summary>
internal enum ProjectSensor
{
    /// <summary>Nothing: the program has a place for values.</summary>
    None,

    /// <summary>Channels of the analogue-to-digital converter.</summary>
    Adc,

    /// <summary>An LIS3DH accelerometer on an I2C bus.</summary>
    I2c,
}

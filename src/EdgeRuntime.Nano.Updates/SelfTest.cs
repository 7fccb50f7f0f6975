using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Updates
{
    /// <summary>Runs the self-test inputs of a file and compares with the stored outputs.</summary>
    internal static class SelfTest
    {
        // Float kernels differ in the last bits between engines; fixed point does not differ at all.
        private const float FloatTolerance = 1e-4f;

        /// <summary>Number of self-test vectors in the model, 0 if it has none.</summary>
        internal static int Count(ModelFile file, int inputLength)
        {
            return file.SectionLength(FormatLayout.SelfTestSection) / ((4 * inputLength) + OutputBytes(file));
        }

        /// <summary>Whether every output is as stored: exactly where it is an integer, within 1e-4 of the largest for float32.</summary>
        internal static bool Run(NanoSession session)
        {
            ModelFile file = session.Model.File;
            ModelBytes bytes = file.Bytes;
            float[] input = new float[session.InputLength];
            float[] output = new float[session.OutputLength];
            int count = Count(file, input.Length);
            int place = file.SectionOffset(FormatLayout.SelfTestSection);
            int expected = place + (count * 4 * input.Length);
            bool good = true;
            for (int i = 0; i < count && good; i++)
            {
                for (int k = 0; k < input.Length; k++)
                {
                    input[k] = bytes.F32(place);
                    place += 4;
                }

                session.Reset();
                session.Run(input, output);
                int first = 0;
                for (int t = 0; t < file.Outputs.Length && good; t++)
                {
                    good = Same(file.Outputs[t], output, first, bytes, expected);
                    first += file.Outputs[t].Elements;
                    expected += file.Outputs[t].Bytes;
                }
            }

            session.Reset();
            return good;
        }

        private static int OutputBytes(ModelFile file)
        {
            int sum = 0;
            for (int i = 0; i < file.Outputs.Length; i++)
            {
                sum += file.Outputs[i].Bytes;
            }

            return sum;
        }

        private static bool Same(TensorInfo tensor, float[] actual, int first, ModelBytes bytes, int expected)
        {
            float tolerance = 0f;
            if (tensor.Type == TensorType.Float32)
            {
                float largest = 1f;
                for (int i = 0; i < tensor.Elements; i++)
                {
                    float value = bytes.F32(expected + (4 * i));
                    value = value < 0f ? -value : value;
                    if (value - value == 0f && value > largest)
                    {
                        largest = value;
                    }
                }

                tolerance = FloatTolerance * largest;
            }

            for (int i = 0; i < tensor.Elements; i++)
            {
                if (!Near(actual[first + i], Value(tensor, bytes, expected, i), tolerance))
                {
                    return false;
                }
            }

            return true;
        }

        // As the session gives it.
        private static float Value(TensorInfo tensor, ModelBytes bytes, int start, int index)
        {
            float scale = tensor.IsQuantized ? tensor.Scale : 1f;
            switch (tensor.Type)
            {
                case TensorType.Float32: return bytes.F32(start + (4 * index));
                case TensorType.Int8: return scale * ((sbyte)bytes.U8(start + index) - tensor.ZeroPoint);
                case TensorType.Int16: return scale * ((short)bytes.U16(start + (2 * index)) - tensor.ZeroPoint);
                case TensorType.Int32: return bytes.I32(start + (4 * index));
                default: return bytes.I64(start + (8 * index));
            }
        }

        // nanoFramework takes a NaN for greater than any number and both infinities for equal.
        private static bool Near(float a, float b, float tolerance)
        {
            if (!(a - a == 0f) || !(b - b == 0f))
            {
                return IsNaN(a) ? IsNaN(b) : !IsNaN(b) && a == b && a > 0f == b > 0f;
            }

            float difference = a - b;
            return (difference < 0f ? -difference : difference) <= tolerance;
        }

        private static bool IsNaN(float value)
        {
#pragma warning disable CS1718
            return value != value;
#pragma warning restore CS1718
        }
    }
}

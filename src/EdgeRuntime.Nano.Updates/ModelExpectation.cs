using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Updates
{
    /// <summary>
    /// What a model takes, gives and says of its values: a copy of those records of its contract, since the model itself may have to go before
    /// its successor is loaded.
    /// </summary>
    internal sealed class ModelExpectation
    {
        private readonly ModelBytes labels;
        private readonly ModelBytes names;
        private readonly ModelBytes units;
        private readonly ModelBytes window;

        // Type, elements, bits of the scale and zero point of each, four numbers.
        private readonly int[] inputs;
        private readonly int[] outputs;

        internal ModelExpectation(NanoModel model)
        {
            ModelFile file = model.File;
            labels = Record(file, MetadataKey.Labels);
            names = Record(file, MetadataKey.InputNames);
            units = Record(file, MetadataKey.InputUnits);
            window = Record(file, MetadataKey.Window);
            inputs = Values(file.Inputs);
            outputs = Values(file.Outputs);
        }

        /// <summary>What another model says that this one does not; null if they agree.</summary>
        internal string Difference(ModelExpectation other, bool rawValues)
        {
            return ValueDifference("input", inputs, other.inputs, rawValues)
                ?? ValueDifference("output", outputs, other.outputs, rawValues)
                ?? ListDifference("classes", labels, other.labels)
                ?? ListDifference("features", names, other.names)
                ?? ListDifference("units", units, other.units)
                ?? (SameBytes(window, other.window) ? null : "Its sample period, window length or hop is not that" + Advice);
        }

        /// <summary>Why the program cannot use a model; null if nothing speaks against it.</summary>
        internal static string Refusal(NanoModel model, UpdatePolicy policy)
        {
            if (policy.InputLength != 0 && model.InputLength != policy.InputLength)
            {
                return "It takes " + model.InputLength.ToString() + " values; the program gives " + policy.InputLength.ToString() + ".";
            }

            if (policy.OutputLength != 0 && model.OutputLength != policy.OutputLength)
            {
                return "It returns " + model.OutputLength.ToString() + " values; the program takes " + policy.OutputLength.ToString() + ".";
            }

            if (policy.ClassTexts == null)
            {
                return null;
            }

            string[] texts = model.File.Metadata.TextList(MetadataKey.Labels);
            int count = texts.Length > policy.ClassTexts.Length ? texts.Length : policy.ClassTexts.Length;
            for (int i = 0; i < count; i++)
            {
                string has = i < texts.Length ? texts[i] : null;
                string needs = i < policy.ClassTexts.Length ? policy.ClassTexts[i] : null;
                if (has != needs)
                {
                    return "Its class " + i.ToString() + " is " + Quoted(has) + "; the program asks for " + Quoted(needs) + ".";
                }
            }

            return null;
        }

        private const string Advice = " of the model in use; allow it with UpdatePolicy.AllowOtherContract, or export it with the same.";

        private static ModelBytes Record(ModelFile file, MetadataKey key)
        {
            int offset = file.Metadata.PayloadOffset(key);
            byte[] payload = new byte[file.Metadata.PayloadLength(key)];
            for (int i = 0; i < payload.Length; i++)
            {
                payload[i] = (byte)file.Bytes.U8(offset + i);
            }

            return new ModelBytes(payload);
        }

        private static int[] Values(TensorInfo[] tensors)
        {
            int[] values = new int[4 * tensors.Length];
            for (int i = 0; i < tensors.Length; i++)
            {
                values[4 * i] = (int)tensors[i].Type;
                values[(4 * i) + 1] = tensors[i].Elements;
                values[(4 * i) + 2] = BitConverter.ToInt32(BitConverter.GetBytes(tensors[i].Scale), 0);
                values[(4 * i) + 3] = tensors[i].ZeroPoint;
            }

            return values;
        }

        private static string ValueDifference(string what, int[] current, int[] other, bool rawValues)
        {
            if (current.Length != other.Length)
            {
                return "It has " + (other.Length / 4).ToString() + " " + what + "s; the model in use has " + (current.Length / 4).ToString() + ".";
            }

            for (int i = 0; i < current.Length; i += 4)
            {
                if (other[i + 1] != current[i + 1])
                {
                    return "Its " + what + " " + (i / 4).ToString() + " has " + other[i + 1].ToString() + " values; expected " + current[i + 1].ToString() + ", as the model in use has.";
                }

                if (rawValues && (other[i] != current[i] || other[i + 2] != current[i + 2] || other[i + 3] != current[i + 3]))
                {
                    return "The type, scale or zero point of its " + what + " " + (i / 4).ToString() + " is not that of the model in use; set UpdatePolicy.RawValues to false if the program gives and takes float values only.";
                }
            }

            return null;
        }

        private static string ListDifference(string what, ModelBytes current, ModelBytes other)
        {
            if (SameBytes(current, other))
            {
                return null;
            }

            string[] has = TextList.All(other, 0, other.Length);
            string[] needs = TextList.All(current, 0, current.Length);
            int i = 0;
            while (i < has.Length && i < needs.Length && has[i] == needs[i])
            {
                i++;
            }

            return "Its " + what + " differ: number " + i.ToString() + " is " + Quoted(i < has.Length ? has[i] : null) + ", expected " + Quoted(i < needs.Length ? needs[i] : null) + ", that" + Advice;
        }

        private static bool SameBytes(ModelBytes x, ModelBytes y)
        {
            bool same = x.Length == y.Length;
            for (int i = 0; i < x.Length && same; i++)
            {
                same = x.U8(i) == y.U8(i);
            }

            return same;
        }

        private static string Quoted(string text)
        {
            return text == null ? "not named" : "'" + text + "'";
        }
    }
}

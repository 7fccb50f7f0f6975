using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet;
using MQTTnet.Exceptions;

namespace EdgeInference.Devices.Hosting;

/// <summary>What a broker's answers mean (OASIS, "MQTT Version 5.0", section 2.4), in words.</summary>
internal static class MqttFaults
{
    private const int MaxText = 200;

    /// <summary>Whether an exception is one of a connection, and no fault of this program.</summary>
    internal static bool Is(Exception exception) =>
        exception is MqttCommunicationException or MqttProtocolViolationException or MqttClientNotConnectedException or IOException or SocketException or AuthenticationException or ObjectDisposedException;

    internal static UpdateSourceFault Of(Exception exception, ServerCertificate certificate)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationException:
                    return certificate.Fault ?? new UpdateSourceFault("tls", $"The broker and this device do not agree on TLS: {Sentence(inner.Message)}");
                case MqttProtocolViolationException:
                    return new UpdateSourceFault("protocol", Sentence(inner.Message));
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return new UpdateSourceFault("name_resolution", "The broker's name cannot be resolved. Check Server and the network's DNS.");
                case SocketException:
                    return new UpdateSourceFault("connect", $"The broker cannot be reached: {Sentence(inner.Message)}");
            }
        }

        return new UpdateSourceFault("connection_lost", $"The connection broke: {Sentence(exception.GetBaseException().Message)} A broker that wants a client certificate ends it so too.");
    }

    internal static UpdateSourceFault? Of(MqttClientConnectResult result) => result.ResultCode == MqttClientConnectResultCode.Success
        ? null
        : Refused("connack", (int)result.ResultCode, "the connection", result.ReasonString, result.ResultCode switch
        {
            MqttClientConnectResultCode.BadUserNameOrPassword => "the user or the password is wrong; check User and Password",
            MqttClientConnectResultCode.NotAuthorized => "this user, or one without a name, may not connect; check User, Password and the broker's rights",
            MqttClientConnectResultCode.ClientIdentifierNotValid => "it does not like the client's name; set ClientId",
            MqttClientConnectResultCode.Banned => "this client is banned",
            MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy => "it is busy",
            MqttClientConnectResultCode.UnsupportedProtocolVersion => "it does not speak MQTT 5",
            MqttClientConnectResultCode.ConnectionRateExceeded => "there were too many connections",
            _ => $"{result.ResultCode}",
        });

    internal static UpdateSourceFault? Of(MqttClientSubscribeResult result, string topic)
    {
        foreach (MqttClientSubscribeResultItem item in result.Items)
        {
            if ((int)item.ResultCode >= 0x80)
            {
                return Refused("suback", (int)item.ResultCode, $"the subscription to '{topic}'", result.ReasonString, item.ResultCode switch
                {
                    MqttClientSubscribeResultCode.NotAuthorized => "this user may not read it; give the right in the broker's access list",
                    MqttClientSubscribeResultCode.TopicFilterInvalid => "it is no topic",
                    MqttClientSubscribeResultCode.QuotaExceeded => "there are too many",
                    _ => $"{item.ResultCode}",
                });
            }
        }

        return null;
    }

    internal static UpdateSourceFault? Of(MqttClientPublishResult result, string topic) => result.IsSuccess
        ? null
        : Refused("puback", (int)result.ReasonCode, $"a message to '{topic}'", result.ReasonString, result.ReasonCode == MqttClientPublishReasonCode.NotAuthorized ? "this user may not write it; give the right in the broker's access list" : $"{result.ReasonCode}");

    internal static UpdateSourceFault Of(MqttClientDisconnectedEventArgs gone, ServerCertificate certificate)
    {
        if (gone.Exception is not null)
        {
            return gone.Exception is OperationCanceledException or MqttCommunicationTimedOutException
                ? new UpdateSourceFault("keep_alive", "The broker did not answer a test of the connection.")
                : Of(gone.Exception, certificate);
        }

        return (int)gone.Reason < 0x80
            ? new UpdateSourceFault("connection_lost", "The broker ended the connection.")
            : Refused("disconnect", (int)gone.Reason, "the connection", gone.ReasonString, gone.Reason switch
            {
                MqttClientDisconnectReason.SessionTakenOver => "another client came with the same ClientId; each device needs one of its own",
                MqttClientDisconnectReason.ServerShuttingDown => "it is shut down",
                MqttClientDisconnectReason.KeepAliveTimeout => "it heard nothing for too long",
                MqttClientDisconnectReason.PacketTooLarge => "a packet was too large",
                MqttClientDisconnectReason.NotAuthorized => "the right was taken away",
                _ => $"{gone.Reason}",
            });
    }

    private static UpdateSourceFault Refused(string packet, int code, string what, string? text, string why)
    {
        string says = string.IsNullOrEmpty(text) ? "" : $" It says '{Clean(text)}'.";
        return new UpdateSourceFault(string.Create(CultureInfo.InvariantCulture, $"{packet}_{code:x2}"), $"The broker refused {what} (0x{code:X2}): {why}.{says}");
    }

    // The broker's words go into the log: no line of their own, and not endless.
    private static string Clean(string text) => string.Concat(text.Take(MaxText).Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
